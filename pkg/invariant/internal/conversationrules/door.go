package conversationrules

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// door checks, of I16, the child at a closed door: the line's duty contact is told at once, and again where a
// handover from there comes to nothing. The line's system proposes at such a door only, to lines that the
// child has chosen, and its draft ends after half a minute.
type door struct {
	rule.Base
	*facts.Facts
	last facts.Mark
	// since is the event with which the child began to wait for the door to open; zero while it does not.
	since facts.Mark
	told  bool
}

// doorDraft is how long a system's draft lives.
const doorDraft = 30 * time.Second

func NewDoor(f rule.Base, known *facts.Facts) rule.Walker { return &door{Base: f, Facts: known} }

func (d *door) Event(s facts.Step) {
	d.look()
	d.overdue(s.Time)
	if fault := d.fault(s); fault != "" {
		d.Violated(s.Mark, "%s %s", s.Kind.ProtoReflect().Descriptor().Name(), fault)
	}
	d.last = s.Mark
}

// look sees what the newest event has made of it.
func (d *door) look() {
	switch waits := d.Door.GetOpeningTime() != nil && d.Calm() && d.Waiting(); {
	case !waits:
		d.since, d.told = facts.Mark{}, false
	case d.since.Position == 0:
		d.since = d.last
	}
}

// overdue finds a door that was to open, and of which nothing was recorded.
func (d *door) overdue(now time.Time) {
	if d.since.Position == 0 || d.told {
		return
	}
	due := d.Door.GetOpeningTime().AsTime()
	if due.Before(d.since.Time) {
		due = d.since.Time
	}
	if d.told = now.After(due.Add(punctuality)); d.told {
		d.Late(d.since, "the door of %q was to open at %s, and nothing came of it in time", d.Holder, due.Format(time.RFC3339))
	}
}

func (d *door) End() {
	ending := *d
	ending.look()
	ending.overdue(d.Until())
}

func (d *door) fault(s facts.Step) string {
	switch k := s.Kind.(type) {
	case *eventv1.DoorClosed:
		return d.closed(s, k)
	case *eventv1.DoorOpened:
		return unless(d.Door != nil && k.GetLine() == d.Holder, "where no door was closed")
	case *eventv1.HandoverProposed:
		return d.proposed(s, k)
	case *eventv1.HandoverReturned:
		wanted := k.GetReason() == handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED || k.GetReason() == handoverv1.ReturnReason_RETURN_REASON_CONSENT_WITHDRAWN
		return unless(d.Unmanned() == nil || wanted || d.tells(s), "and the duty contact of the closed door was not told")
	}
	return ""
}

func (d *door) closed(s facts.Step, k *eventv1.DoorClosed) string {
	d.Applies()
	switch {
	case k.GetLine() != d.Holder || !d.Waiting():
		return "of another line, or of a child who does not wait"
	case d.Door != nil:
		return "of a door that was closed"
	case k.GetReason() == 0 || slices.Contains(k.GetOpenLines(), k.GetLine()):
		return "for no reason, or of an open line"
	}
	return unless(d.tells(s), "and the line's duty contact was not told")
}

// tells reports whether the commit tells the duty contact of the line.
func (d *door) tells(s facts.Step) bool {
	return slices.ContainsFunc(s.Commit.GetEvents(), func(e *eventv1.Event) bool {
		told := e.GetSupervisorTold()
		return told.GetReason() == handoverv1.SupervisorReason_SUPERVISOR_REASON_DOOR_CLOSED && told.GetLine() == d.Holder
	})
}

func (d *door) proposed(s facts.Step, k *eventv1.HandoverProposed) string {
	switch {
	case k.GetDoorClosed() != (d.Door != nil):
		return "by a line's system where the door was not closed, or by nobody"
	case !k.GetDoorClosed():
		return ""
	}
	d.Applies()
	brief := !k.GetDeadline().AsTime().After(s.Time.Add(doorDraft))
	return unless(brief && len(k.GetCandidates()) > 0 && d.ChildThere(), "at a closed door without a line, without the child, or for too long")
}
