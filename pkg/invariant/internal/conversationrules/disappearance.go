package conversationrules

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// disappearance checks, of I16, the child in danger who has disappeared: supervisors of the line with
// custody are told at once, and again until the line has decided what to do.
type disappearance struct {
	rule.Base
	*facts.Facts
	last facts.Mark
	// line is the one whose supervisors are to be told; empty while the child is there.
	line string
	// heard says that they were told.
	heard bool
	// since is the event for which they are told next, and due the time; zero once the line has decided.
	since facts.Mark
	due   time.Time
}

func NewDisappearance(f rule.Base, known *facts.Facts) rule.Walker {
	return &disappearance{Base: f, Facts: known}
}

func (d *disappearance) Event(s facts.Step) {
	d.look()
	d.overdue(s.Time)
	switch k := s.Kind.(type) {
	case *eventv1.SupervisorTold:
		if isOfDisappearance(k) {
			d.told(s, k)
		}
	case *eventv1.DisappearanceDecided:
		d.decided(s, k)
	case *eventv1.HandoverAbandoned:
		if d.line != "" && !slices.ContainsFunc(s.Commit.GetEvents(), func(e *eventv1.Event) bool { return isOfDisappearance(e.GetSupervisorTold()) }) {
			d.Violated(s.Mark, "handover %d of a child in danger was abandoned, and no supervisor was told", k.GetHandover())
		}
	}
	d.last = s.Mark
}

func isOfDisappearance(k *eventv1.SupervisorTold) bool {
	return k.GetReason() == handoverv1.SupervisorReason_SUPERVISOR_REASON_CHILD_DISAPPEARED
}

// look sees what the newest event has made of it.
func (d *disappearance) look() {
	switch gone := d.Protocol >= 3 && d.Disappeared(); {
	case !gone:
		d.line, d.heard, d.due = "", false, time.Time{}
	case d.line != d.Holder:
		d.line, d.heard, d.since, d.due = d.Holder, false, d.last, d.last.Time
	}
}

func (d *disappearance) told(s facts.Step, k *eventv1.SupervisorTold) {
	d.Applies()
	if d.Protocol >= 3 && k.GetLine() != d.line {
		d.Violated(s.Mark, "%q was told that a child in danger has disappeared, and custody of such a child is at %q", k.GetLine(), d.line)
	}
	d.heard, d.since, d.due = true, s.Mark, k.GetDeadline().AsTime()
}

func (d *disappearance) decided(s facts.Step, k *eventv1.DisappearanceDecided) {
	d.Applies()
	if d.Protocol >= 3 && (!d.heard || !d.WithChild(k.GetLine()) || k.GetDecision() == 0 || k.GetParticipant() == "") {
		d.Violated(s.Mark, "%q of %q decided about a child in danger who has not disappeared, is not theirs, or of whom no supervisor was told", k.GetParticipant(), k.GetLine())
	}
	d.due = time.Time{}
}

// overdue finds supervisors who were not told in time, once for each time.
func (d *disappearance) overdue(now time.Time) {
	if overdue(d.due, now) {
		d.due = time.Time{}
		d.Late(d.since, "a child in danger has disappeared, and supervisors of %q were not told in time", d.line)
	}
}

func (d *disappearance) End() {
	ending := *d
	ending.look()
	ending.overdue(d.Until())
}
