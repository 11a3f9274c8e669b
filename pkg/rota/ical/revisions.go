package ical

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// revision orders the revisions of an event (RFC 5546, 2.1.5).
type revision struct {
	sequence        int
	stamp, modified time.Time
	cancelled       bool
}

func (a revision) compare(b revision) int {
	return cmp.Or(cmp.Compare(a.sequence, b.sequence), a.stamp.Compare(b.stamp), a.modified.Compare(b.modified),
		cmp.Compare(number(a.cancelled), number(b.cancelled)))
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// judgeRevisions keeps the newest revision of each event and supersedes the others. Answers
// and proposals are not revisions.
func (r *reader) judgeRevisions() {
	byUID := map[string][]*Event{}
	for _, e := range r.events {
		if e.UID() != "" && e.Standing != Proposed {
			byUID[e.UID()] = append(byUID[e.UID()], e)
		}
	}
	for _, uid := range slices.Sorted(maps.Keys(byUID)) {
		if events := byUID[uid]; len(events) > 1 {
			r.judgeSeries(events)
		}
	}
}

// judgeSeries judges the events of one UID: those for the whole series, and those that
// replace single instances (RECURRENCE-ID).
func (r *reader) judgeSeries(events []*Event) {
	instances := map[string][]*Event{}
	var whole []*Event
	for _, e := range events {
		switch err := e.readRevision(); {
		case err != nil:
			r.Refuse(e.Line, "%s: %v", e, err)
			return
		case e.has("RECURRENCE-ID"):
			instances[e.moment("RECURRENCE-ID")] = append(instances[e.moment("RECURRENCE-ID")], e)
		default:
			whole = append(whole, e)
		}
	}
	// An event that does not recur is its own only instance, even if it was moved.
	for _, e := range whole {
		moment := e.moment("DTSTART")
		if e.recurs() {
			continue
		}
		whole = append(whole, instances[moment]...)
		delete(instances, moment)
	}
	newest := r.newest(whole)
	for _, moment := range slices.Sorted(maps.Keys(instances)) {
		one := r.newest(instances[moment])
		if newest != nil && newest.Standing == Cancelled && newest.revision.compare(one.revision) >= 0 {
			one.Standing, one.Newer = Cancelled, newest
		}
	}
}

// newest returns the newest of some revisions, or nil for none, and supersedes the others.
func (r *reader) newest(revisions []*Event) *Event {
	if len(revisions) == 0 {
		return nil
	}
	newest := slices.MaxFunc(revisions, func(a, b *Event) int { return a.revision.compare(b.revision) })
	for _, e := range revisions {
		if e == newest {
			continue
		}
		if e.revision.compare(newest.revision) == 0 && !e.saysTheSame(newest) {
			r.Refuse(e.Line, "%s has the UID and SEQUENCE of line %d and says something else; write a higher SEQUENCE in the one that counts, or another UID", e, newest.Line)
		}
		e.Standing, e.Newer = Superseded, newest
	}
	return newest
}

func (e *Event) readRevision() error {
	e.revision = revision{cancelled: e.Standing == Cancelled}
	if text := e.text("SEQUENCE"); text != "" {
		sequence, err := strconv.Atoi(text)
		if err != nil || sequence < 0 {
			return fmt.Errorf("SEQUENCE %.40q is not a number of a revision; write 0 or more", text)
		}
		e.revision.sequence = sequence
	}
	for name, into := range map[string]*time.Time{"DTSTAMP": &e.revision.stamp, "LAST-MODIFIED": &e.revision.modified} {
		if prop, ok := e.props[name]; ok {
			var err error
			if *into, err = prop.instant(time.UTC); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// moment identifies an instance by its time, whatever the zone. For an unreadable time it
// returns the text.
func (e *Event) moment(name string) string {
	prop, ok := e.props[name]
	if !ok {
		return ""
	}
	if t, err := prop.instant(time.UTC); err == nil {
		return t.UTC().Format(utcLayout)
	}
	return prop.code()
}

// saysTheSame reports whether two revisions are interchangeable.
func (e *Event) saysTheSame(other *Event) bool {
	for _, name := range []string{"SUMMARY", "DTSTART", "DTEND", "DURATION", "STATUS", "TRANSP"} {
		a, b := e.props[name], other.props[name]
		if e.text(name) != other.text(name) || a.line > 0 && b.line > 0 && a.param("TZID") != b.param("TZID") {
			return false
		}
	}
	return true
}
