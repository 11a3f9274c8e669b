package rota

import (
	"fmt"
	"io"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/stafett/stafett/pkg/i18n"
)

// icalUTC is the layout of an RFC 5545 time in UTC. Exported times need no zone, so none can
// be misread.
const icalUTC = "20060102T150405Z"

// crlf ends every line, regardless of the platform.
const crlf = "\r\n"

// Export writes the shifts between two instants as an iCalendar: one event per shift, named
// in the given language, and one per closed shift, so that reading it back gives the same
// shifts. Times are in UTC, which calendars show in their reader's zone. An event keeps its
// UID when another unit takes the shift, so that calendars replace it. The stamp is when the
// calendar was made.
func (r *Rota) Export(w io.Writer, from, until time.Time, lang string, stamp time.Time) error {
	calendar := &ics.Calendar{}
	calendar.SetVersion("2.0")
	calendar.SetProductId("-//Stafett//rota//EN")
	calendar.SetMethod(ics.MethodPublish)
	calendar.SetXWRCalName(r.line)
	calendar.SetXWRTimezone(r.zone.String())
	part, before := 0, Date(0)
	for i, shift := range r.Parts(from, until) {
		part++
		if i == 0 || shift.Date != before {
			part, before = r.partOf(shift), shift.Date
		}
		calendar.AddVEvent(r.event(shift, part, lang, stamp))
	}
	return calendar.SerializeTo(w, ics.WithNewLine(crlf))
}

// partOf returns the shift's position among the parts of its date, from 1.
func (r *Rota) partOf(shift Shift) int {
	count := 1
	for part := range r.day(shift.Date) {
		if part.Start.Before(shift.Start) {
			count++
		}
	}
	return count
}

func (r *Rota) event(shift Shift, part int, lang string, stamp time.Time) *ics.VEvent {
	event := ics.NewEvent(r.uid(shift.Date, part))
	event.SetProperty(ics.ComponentPropertyDtstamp, stamp.UTC().Format(icalUTC))
	event.SetProperty(ics.ComponentPropertyDtStart, shift.Start.UTC().Format(icalUTC))
	event.SetProperty(ics.ComponentPropertyDtEnd, shift.End.UTC().Format(icalUTC))
	event.SetSummary(r.Name(shift.Unit, lang))
	event.SetDescription(r.explain(shift, lang))
	event.SetProperty(ics.ComponentPropertyCategories, string(shift.Why))
	return event
}

func (r *Rota) uid(date Date, part int) string {
	if part == 1 {
		return fmt.Sprintf("%s-%s@stafett", r.line, date)
	}
	return fmt.Sprintf("%s-%s-%d@stafett", r.line, date, part)
}

var insteadLabels = i18n.Text{"nb": "i stedet for", "da": "i stedet for", "en": "instead of"}

// explain says why the unit has the shift, and instead of which unit.
func (r *Rota) explain(shift Shift, lang string) string {
	why := shift.Why.Label(lang)
	if shift.Why == Rotation {
		return why
	}
	return fmt.Sprintf("%s, %s %s", why, insteadLabels.In(lang), r.Name(shift.For, lang))
}
