package story

import (
	"time"

	"github.com/stafett/stafett/pkg/yamlread"
)

const (
	day     = "2006-01-02 "
	ofDay   = "15:04:05"
	inShort = "15:04"
)

func readClock(v yamlread.Value) time.Time {
	const example = "2026-03-03T19:40:00+01:00"
	written, ok := v.Text(example)
	if !ok {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, written)
	if err != nil {
		v.Refuse("clock %q is not a valid timestamp; use RFC 3339, for example %s", written, example)
	}
	return at
}

func readZone(v yamlread.Value) *time.Location {
	written, ok := v.Text("Europe/Oslo")
	zone, err := time.LoadLocation(written)
	if ok && (err != nil || written == "Local") {
		v.Refuse("time zone %q is not known; write an IANA name, for example Europe/Oslo", written)
	}
	if zone == nil {
		return time.UTC
	}
	return zone
}

// when reads the instant of a step and advances the story's time to it.
func (r *reader) when(k keys) time.Time {
	at, hasAt := k.get("at")
	after, hasAfter := k.get("after")
	switch {
	case hasAt && hasAfter:
		at.Refuse("a step is at a time or after one; write at or after, not both")
	case hasAt:
		r.readAt(at)
	case hasAfter:
		r.now = r.now.Add(readDuration(after))
	}
	return r.now
}

// readAt reads a wall time in the story's zone, on the day of the previous step unless it
// includes a date.
func (r *reader) readAt(v yamlread.Value) {
	written, ok := v.Text(ofDay)
	if !ok || r.now.IsZero() {
		return
	}
	at, ok := r.wallTime(written)
	local := at.In(r.story.Zone)
	switch {
	case !ok:
		v.Refuse("%q is not a valid time; use hours, minutes and seconds such as 19:40:30, with the date before it on another day: 2026-03-04 00:20:00", written)
	case at.Before(r.now):
		v.Refuse("%s lies before the step above, which is at %s; write a later time, or %s on the next day",
			local.Format(ofDay), r.now.In(r.story.Zone).Format(ofDay), local.AddDate(0, 0, 1).Format(day+ofDay))
	default:
		r.now = at
	}
}

// wallTime returns the instant of a wall time. Times that the clocks skip in spring are
// invalid.
func (r *reader) wallTime(written string) (time.Time, bool) {
	today := r.now.In(r.story.Zone).Format(day)
	for _, full := range []string{written, today + written} {
		for _, layout := range []string{day + ofDay, day + inShort} {
			at, err := time.ParseInLocation(layout, full, r.story.Zone)
			if err == nil && at.Format(layout) == full {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// readInstant reads a wall time that may lie outside the story's own time.
func (r *reader) readInstant(v yamlread.Value) time.Time {
	written := text(v, "2026-03-08 15:00")
	at, ok := r.wallTime(written)
	if !ok {
		v.Refuse("%q is not a valid time; give it with its date, such as 2026-03-08 15:00", written)
	}
	return at
}

func readDuration(v yamlread.Value) time.Duration {
	written, ok := v.Text("12s")
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(written)
	if err != nil || d < 0 {
		v.Refuse("%q is not a length of time; write it with its unit, for example 12s, 1m30s or 24h", written)
		return 0
	}
	return d
}
