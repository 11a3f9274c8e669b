package rota

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/yamlread"
)

const (
	maxEvents  = 20_000
	maxNesting = 10
)

// recurring are the properties by which one event is many.
var recurring = []string{"RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"}

// telling are the properties of an event that are read.
var telling = append([]string{"UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "STATUS"}, recurring...)

// event is a VEVENT, unjudged.
type event struct {
	line  int
	props map[string]property
}

// title names the event for people.
func (e event) title() string {
	return fmt.Sprintf("event %.80q", cmp.Or(e.text("UID"), e.text("SUMMARY"), "without UID"))
}

func (e event) text(name string) string {
	if prop, ok := e.props[name]; ok {
		return prop.Value
	}
	return ""
}

// calendar is one reading of an iCalendar.
type calendar struct {
	name     string
	open     []string // the components that have begun and not ended
	events   []*event
	mistakes []*yamlread.Error
	line     int
	stopped  bool // at a mistake after which every line would be one
}

func (c *calendar) refuse(line int, format string, args ...any) {
	c.mistakes = append(c.mistakes, &yamlread.Error{File: c.name, Line: line, Column: 1, Message: fmt.Sprintf(format, args...)})
}

// readEvents reads the events of a calendar. What is no event is passed over, once it
// is well formed.
func (c *calendar) readEvents(text string) {
	for number, content := range unfold(text) {
		c.line = number
		c.read(number, content)
		if c.stopped || len(c.mistakes) >= maxMistakes || len(c.open) > maxNesting || len(c.events) > maxEvents {
			break
		}
	}
	c.checkEnd()
}

// checkEnd refuses a calendar that is too much, or not all there.
func (c *calendar) checkEnd() {
	switch {
	case len(c.open) > maxNesting:
		c.refuse(c.line, "components lie more than %d deep here; write fewer", maxNesting)
	case len(c.events) > maxEvents:
		c.refuse(c.line, "there are more than %d events; export fewer years at a time", maxEvents)
	case len(c.mistakes) == 0 && c.line == 0:
		c.refuse(1, "the calendar is empty; write BEGIN:VCALENDAR and its events")
	case len(c.mistakes) == 0 && len(c.open) > 0:
		c.refuse(c.line, "the calendar ends within %s; write END:%s, or export it again if it was cut off", c.open[len(c.open)-1], c.open[len(c.open)-1])
	}
}

func (c *calendar) read(number int, content string) {
	name, _ := splitName(content)
	framing := name == "BEGIN" || name == "END"
	switch {
	case len(c.open) == 0 && !strings.EqualFold(strings.TrimSpace(content), "BEGIN:VCALENDAR"):
		c.refuse(number, "found %.60q; write BEGIN:VCALENDAR first", content)
		c.stopped = true
	case !framing && (!c.inEvent() || !slices.Contains(telling, name)):
		return
	default:
		c.readProperty(number, content)
	}
}

func (c *calendar) inEvent() bool { return len(c.open) == 2 && c.open[1] == "VEVENT" }

func (c *calendar) readProperty(number int, content string) {
	prop, err := parseLine(number, content)
	if err != nil {
		c.refuse(number, "%v", err)
		return
	}
	value := strings.ToUpper(strings.TrimSpace(prop.Value))
	switch prop.IANAToken {
	case "BEGIN":
		c.begin(number, value)
	case "END":
		c.end(number, value)
	default:
		c.keep(prop)
	}
}

func (c *calendar) begin(number int, component string) {
	c.open = append(c.open, component)
	if c.inEvent() {
		c.events = append(c.events, &event{number, map[string]property{}})
	}
}

func (c *calendar) end(number int, component string) {
	last := len(c.open) - 1
	if c.open[last] != component {
		c.refuse(number, "found END:%.40s within %.40s; write END:%.40s first", component, c.open[last], c.open[last])
		c.stopped = true
	}
	c.open = c.open[:last]
}

func (c *calendar) keep(prop property) {
	e := c.events[len(c.events)-1]
	if before, twice := e.props[prop.IANAToken]; twice && !slices.Contains(recurring, prop.IANAToken) {
		c.refuse(prop.line, "%s: %s stands already at line %d; keep one of them", e.title(), prop.IANAToken, before.line)
		return
	}
	e.props[prop.IANAToken] = prop
}

// err joins the mistakes in the order of the file.
func (c *calendar) err() error {
	slices.SortStableFunc(c.mistakes, func(a, b *yamlread.Error) int { return cmp.Compare(a.Line, b.Line) })
	var errs []error
	for i, mistake := range c.mistakes {
		if i == maxMistakes {
			break
		}
		errs = append(errs, mistake)
	}
	return errors.Join(errs...)
}
