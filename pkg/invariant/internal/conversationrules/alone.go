package conversationrules

import (
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// How long a child may be without a counsellor of the line with custody before its supervisors are told,
// and before they are told again.
const (
	untilSupervisors = time.Minute
	supervisorsAgain = 5 * time.Minute
)

// alone checks, of I16, the child who is there while every counsellor of the line with custody is gone:
// supervisors are told in time, whatever the alerts to the line say. In danger they are told at once.
type alone struct {
	rule.Base
	*facts.Facts
	last facts.Mark
	// since is the event that left the child alone, or the newest of which supervisors were told; due is
	// when they must be told. Zero while the child is not alone.
	since facts.Mark
	due   time.Time
}

func NewAlone(f rule.Base, known *facts.Facts) rule.Walker { return &alone{Base: f, Facts: known} }

func (a *alone) Event(s facts.Step) {
	a.look()
	if a.overdue(s.Time) {
		a.Late(a.since, untoldOfAlone, a.Holder)
		a.until(s.Mark, supervisorsAgain)
	}
	switch k := s.Kind.(type) {
	case *eventv1.SupervisorTold:
		if k.GetReason() == handoverv1.SupervisorReason_SUPERVISOR_REASON_UNATTENDED && k.GetLine() == a.Holder {
			a.Applies()
			a.until(s.Mark, supervisorsAgain)
		}
	case *eventv1.CustodyTransferred:
		a.due = time.Time{}
	}
	a.last = s.Mark
}

const untoldOfAlone = "a child was there without anybody of %q, and its supervisors were not told in time"

// look sees what the newest event has made of it.
func (a *alone) look() {
	switch left := a.Protocol >= 3 && a.Unattended(); {
	case !left:
		a.due = time.Time{}
	case a.due.IsZero() && a.InDanger():
		a.until(a.last, 0)
	case a.due.IsZero():
		a.until(a.last, untilSupervisors)
	}
}

func (a *alone) until(at facts.Mark, patience time.Duration) {
	a.since, a.due = at, at.Time.Add(patience)
}

func (a *alone) overdue(now time.Time) bool {
	return overdue(a.due, now)
}

func (a *alone) End() {
	ending := *a
	ending.look()
	if ending.overdue(a.Until()) {
		a.Late(ending.since, untoldOfAlone, a.Holder)
	}
}
