package conversationrules

import (
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// alerts checks the rest of I3: if every counsellor of the line with custody is
// gone while the child is there, that line is alerted at once, and again as long
// as it lasts. A crash is not leaving.
type alerts struct {
	rule.Base
	*facts.Facts
	// last is the newest event.
	last facts.Mark
	// since is the event that made an alert due, and due the time. Zero while
	// somebody is with the child.
	since facts.Mark
	due   time.Time
	told  bool
}

func NewAlerts(f rule.Base, known *facts.Facts) rule.Walker { return &alerts{Base: f, Facts: known} }

func (a *alerts) Event(s facts.Step) {
	a.look()
	if a.overdue(s.Time) {
		a.told = true
		a.Late(a.since, unalerted, a.Holder)
	}
	switch k := s.Kind.(type) {
	case *eventv1.CustodyAlerted:
		a.alerted(s, k)
	case *eventv1.CustodyTransferred:
		a.due = time.Time{}
	}
	a.last = s.Mark
}

const unalerted = "the child is there and nobody of %q, which was not alerted in time"

// look sees what the newest event has made of it.
func (a *alerts) look() {
	switch alone := a.Unattended(); {
	case !alone:
		a.due = time.Time{}
	case a.due.IsZero():
		a.since, a.due, a.told = a.last, a.last.Time, false
	}
}

func (a *alerts) overdue(now time.Time) bool {
	return !a.due.IsZero() && !a.told && now.After(a.due.Add(settling))
}

func (a *alerts) alerted(s facts.Step, k *eventv1.CustodyAlerted) {
	a.Applies()
	if a.due.IsZero() {
		a.Violated(s.Mark, "%q was alerted although the child is away or somebody is with it", k.GetLine())
		return
	}
	a.since, a.due, a.told = s.Mark, k.GetDeadline().AsTime(), false
}

func (a *alerts) End() {
	a.look()
	if a.overdue(a.Until()) {
		a.Late(a.since, unalerted, a.Holder)
	}
}
