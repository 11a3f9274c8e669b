package ical

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// MaxEvents limits the events of one calendar.
	MaxEvents  = 20_000
	maxNesting = 10
)

// recurring are the properties that make an event recur.
var recurring = []string{"RRULE", "RDATE", "EXDATE", "EXRULE"}

// telling are the event properties that are read.
var telling = append([]string{"UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "STATUS", "TRANSP",
	"SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "RECURRENCE-ID"}, recurring...)

// reader reads one text, which may contain several calendars.
type reader struct {
	*Mistakes
	open    []string  // the components that have begun and not ended
	method  *property // of the calendar that is open
	events  []*Event
	line    int
	stopped bool // after a mistake that would make every later line one
}

// Read reads the events of a calendar in order and determines which of them count. It skips
// other components if they are well formed. It adds mistakes to the given ones; if there are
// new ones, the events are incomplete.
func Read(text []byte, mistakes *Mistakes) []*Event {
	text, err := unmarked(text)
	if err != nil {
		mistakes.Refuse(1, "%v", err)
		return nil
	}
	r := &reader{Mistakes: mistakes}
	for number, content := range unfold(text) {
		r.line = number
		r.read(number, content)
		if r.stopped || r.Len() >= MaxMistakes || len(r.open) > maxNesting || len(r.events) > MaxEvents {
			break
		}
	}
	r.checkEnd()
	if r.Len() == 0 {
		r.judge()
	}
	return r.events
}

// checkEnd refuses a calendar that is too large or incomplete.
func (r *reader) checkEnd() {
	switch {
	case len(r.open) > maxNesting:
		r.Refuse(r.line, "components lie more than %d deep here; write fewer", maxNesting)
	case len(r.events) > MaxEvents:
		r.Refuse(r.line, "there are more than %d events; export fewer years at a time", MaxEvents)
	case r.Len() == 0 && r.line == 0:
		r.Refuse(1, "the calendar is empty; write BEGIN:VCALENDAR and its events")
	case r.Len() == 0 && len(r.open) > 0:
		r.Refuse(r.line, "the calendar ends within %s; write END:%s, or export it again if it was cut off", r.open[len(r.open)-1], r.open[len(r.open)-1])
	}
}

func (r *reader) read(number int, content []byte) {
	name, _ := splitName(string(content[:min(len(content), maxLine)]))
	framing := name == "BEGIN" || name == "END"
	switch {
	case !utf8.Valid(content):
		r.Refuse(number, "the line is not UTF-8; save the calendar as UTF-8")
		r.stopped = true
	case len(r.open) == 0 && !strings.EqualFold(strings.TrimSpace(string(content)), "BEGIN:VCALENDAR"):
		r.Refuse(number, "found %.60q; write BEGIN:VCALENDAR first", content)
		r.stopped = true
	case framing || r.inEvent() && slices.Contains(telling, name) || len(r.open) == 1 && name == "METHOD":
		r.readProperty(number, string(content))
	}
}

func (r *reader) inEvent() bool { return len(r.open) == 2 && r.open[1] == "VEVENT" }

func (r *reader) readProperty(number int, content string) {
	prop, err := parseLine(number, content)
	if err != nil {
		r.Refuse(number, "%v", err)
		return
	}
	switch prop.IANAToken {
	case "BEGIN":
		r.begin(number, prop.code())
	case "END":
		r.end(number, prop.code())
	case "METHOD":
		*r.method = prop
	default:
		r.keep(prop)
	}
}

func (r *reader) begin(number int, component string) {
	r.open = append(r.open, component)
	switch {
	case len(r.open) == 1:
		r.method = &property{}
	case r.inEvent():
		r.events = append(r.events, &Event{Line: number, method: r.method, props: map[string]property{}})
	}
}

func (r *reader) end(number int, component string) {
	last := len(r.open) - 1
	if r.open[last] != component {
		r.Refuse(number, "found END:%.40s within %.40s; write END:%.40s first", component, r.open[last], r.open[last])
		r.stopped = true
	}
	r.open = r.open[:last]
}

func (r *reader) keep(prop property) {
	e := r.events[len(r.events)-1]
	if before, twice := e.props[prop.IANAToken]; twice && !slices.Contains(recurring, prop.IANAToken) {
		r.Refuse(prop.line, "%s: %s is already at line %d; keep one of them", e, prop.IANAToken, before.line)
		return
	}
	e.props[prop.IANAToken] = prop
}

// String names the event for people.
func (e *Event) String() string {
	for _, name := range []string{"UID", "SUMMARY"} {
		if text := e.text(name); text != "" {
			return fmt.Sprintf("event %.80q", text)
		}
	}
	return `event "without UID"`
}
