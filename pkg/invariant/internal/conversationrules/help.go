package conversationrules

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// help checks I17 as far as a history shows it: an emergency is called by a line that is with
// the child, ends only with confirmed contact or by two persons, keeps its conversation open,
// and is reviewed in time. Emergencies that a handover became, in earlier histories, are
// ORDER's.
type help struct {
	rule.Base
	*facts.Facts
	// called is the event that set the next review, and due the review's time; zero while
	// nobody has called one.
	called facts.Mark
	due    time.Time
	told   bool
}

func NewHelp(f rule.Base, known *facts.Facts) rule.Walker { return &help{Base: f, Facts: known} }

func (h *help) Event(s facts.Step) {
	h.look(s.Time)
	switch k := s.Kind.(type) {
	case *eventv1.EmergencyCalled:
		if k.GetHandover() == 0 {
			h.calls(s, k)
		}
	case *eventv1.EmergencyOverdue:
		if k.GetHandover() == 0 {
			h.reviewed(s, k)
		}
	case *eventv1.EmergencyConfirmed:
		if k.GetHandover() == 0 {
			h.ends(s)
		}
	case *eventv1.EmergencyEnded:
		h.ends(s)
		h.twoPersons(s, k)
	case *eventv1.ConversationClosed:
		if !h.due.IsZero() {
			h.Violated(s.Mark, "the conversation closed while nobody had confirmed that help reached the child")
		}
	}
}

func (h *help) calls(s facts.Step, k *eventv1.EmergencyCalled) {
	h.Applies()
	who := facts.Person{Line: k.GetLine(), ID: k.GetParticipant()}
	switch {
	case who == h.Present.Child || who.Line == "" || who.ID == "":
		h.Violated(s.Mark, "help was called by %q of %q, who is not an adult of a line", who.ID, who.Line)
	case !h.WithChild(who.Line):
		h.Violated(s.Mark, "help was called by %q, which neither had custody nor was with the child", who.Line)
	}
	if !h.due.IsZero() && k.GetDeadline().AsTime().After(h.due) {
		h.Violated(s.Mark, "a second call put the review of the first off")
	}
	h.until(s.Mark, k.GetDeadline())
}

func (h *help) until(at facts.Mark, deadline *timestamppb.Timestamp) {
	h.called, h.due, h.told = at, deadline.AsTime(), false
}

func (h *help) reviewed(s facts.Step, k *eventv1.EmergencyOverdue) {
	if h.due.IsZero() || s.Time.Before(h.due) {
		h.Violated(s.Mark, "supervisors were to review an emergency that there was not, or before its time")
	}
	h.until(s.Mark, k.GetDeadline())
}

func (h *help) ends(s facts.Step) {
	h.Applies()
	if h.due.IsZero() {
		h.Violated(s.Mark, "an emergency ended that nobody had called")
	}
	h.due = time.Time{}
}

func (h *help) twoPersons(s facts.Step, k *eventv1.EmergencyEnded) {
	if notTwo(h.Facts, k.GetLine(), k.GetParticipant(), k.GetSecondPerson()) != "" || k.GetReason() == 0 || k.GetLine() != h.Holder {
		h.Violated(s.Mark, "an emergency was ended without confirmed contact, and not by two persons of %q with a reason", h.Holder)
	}
}

// look finds a review that did not come in time.
func (h *help) look(now time.Time) {
	if !h.told && overdue(h.due, now) {
		h.told = true
		h.Late(h.called, "an emergency was not reviewed in time")
	}
}

func (h *help) End() {
	if !h.told && overdue(h.due, h.Until()) {
		h.Late(h.called, "an emergency was not reviewed in time")
	}
}
