package invariant

import (
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// alerts checks the rest of I3: if every counsellor of the line with custody is
// gone while the child is there, that line is alerted at once, and again as long
// as it lasts. A crash is not leaving.
type alerts struct {
	*finder
	*facts
	// last is the newest event.
	last mark
	// since is the event that made an alert due, and due the time. Zero while
	// somebody is with the child.
	since mark
	due   time.Time
	told  bool
}

func newAlerts(f *finder, facts *facts) walker { return &alerts{finder: f, facts: facts} }

func (a *alerts) event(s step) {
	a.look()
	if a.overdue(s.time) {
		a.told = true
		a.late(a.since, unalerted, a.holder)
	}
	switch k := s.kind.(type) {
	case *eventv1.CustodyAlerted:
		a.alerted(s, k)
	case *eventv1.CustodyTransferred:
		a.due = time.Time{}
	}
	a.last = s.mark
}

const unalerted = "the child is there and nobody of %q, which was not alerted in time"

// look sees what the newest event has made of it.
func (a *alerts) look() {
	switch alone := a.unattended(); {
	case !alone:
		a.due = time.Time{}
	case a.due.IsZero():
		a.since, a.due, a.told = a.last, a.last.time, false
	}
}

func (a *alerts) overdue(now time.Time) bool {
	return !a.due.IsZero() && !a.told && now.After(a.due.Add(settling))
}

func (a *alerts) alerted(s step, k *eventv1.CustodyAlerted) {
	a.applies()
	if a.due.IsZero() {
		a.violated(s.mark, "%q was alerted although the child is away or somebody is with it", k.GetLine())
		return
	}
	a.since, a.due, a.told = s.mark, k.GetDeadline().AsTime(), false
}

func (a *alerts) end() {
	a.look()
	if a.overdue(a.until) {
		a.late(a.since, unalerted, a.holder)
	}
}
