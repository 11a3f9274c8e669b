package handover

import (
	"fmt"
	"slices"

	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// ProposeHandover starts preparing a handover, by the line with custody.
type ProposeHandover struct {
	Line string
	// Candidates to ask, in this order. If empty, all suitable lines are asked as
	// ranked.
	Candidates []string
	// Deadlines are the times that the line sets for itself.
	Deadlines *handoverv1.LineDeadlines
}

func proposeHandover(o Origin, lines Directory, r *routingv1.ProposeHandoverRequest) ProposeHandover {
	return ProposeHandover{Line: o.Line, Candidates: lineIDs(r.Candidates), Deadlines: lines.Deadlines(o.Line)}
}

func (c ProposeHandover) decide(t *turn) error {
	if err := t.admit(c.Line); err != nil {
		return err
	}
	if err := t.mayPropose(c); err != nil {
		return err
	}
	n := uint32(len(t.conversation.GetHandovers()) + 1)
	hop := t.conversation.Custody.Epoch
	t.name = HandoverName(t.conversation.Name, n)
	made := &eventv1.HandoverProposed{
		Handover: n, FromLine: c.Line, Header: t.conversation.PacketHeader(), Candidates: c.Candidates,
		Parent: t.parent(), Hop: hop, SupervisorNeeded: hop > t.rules.Hops, Deadlines: c.Deadlines,
	}
	if t.conversation.Slow() && !made.SupervisorNeeded {
		made.Deadline = t.in(t.rules.Slow.SetBy(c.Deadlines, made.Header).Consent)
	}
	t.emit(made)
	if made.SupervisorNeeded {
		t.askSupervisor(t.conversation.Current())
	}
	return nil
}

// askSupervisor asks the line's supervisors whether the conversation may be handed over
// once more, and sets when they are asked again.
func (t *turn) askSupervisor(h Handover) {
	t.emit(&eventv1.SupervisorTold{
		Handover: h.Number(), Line: h.FromLine, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_HOP,
		Deadline: t.draftDeadline(h),
	})
}

// mayPropose refuses a second handover while one is unfinished, a handover to the line
// itself, and one by a line without a counsellor in the conversation.
func (t *turn) mayPropose(c ProposeHandover) error {
	if h := t.conversation.Current(); h.Exists() && !h.Ended() {
		return refusal.HandoverUnfinished(fmt.Sprintf("%s is %s; %s", h.Name, stateName(h.State), unfinished(h)),
			"handover", h.Name, "state", stateName(h.State))
	}
	if n := len(t.conversation.GetHandovers()); n >= t.rules.Handovers {
		return refusal.TooManyHandovers(fmt.Sprintf("%s has had %d handovers; stay with the child, or call for help", t.conversation.Name, n),
			"conversation", t.conversation.Name, "handovers", fmt.Sprint(n))
	}
	if slices.Contains(c.Candidates, c.Line) {
		return refusal.Field("candidates", c.Line+" is the line that hands over; name others")
	}
	if t.conversation.Counsellors(c.Line) == 0 {
		return requirePresent(nil, "a counsellor of "+c.Line, "line", c.Line)
	}
	return nil
}

// unfinished says what to do about a handover that blocks the next one.
func unfinished(h Handover) string {
	switch h.State {
	case awaitingOutcome:
		return "report its outcome first (ONGOING needs no consent)"
	case emergency:
		return "confirm first that help has reached the child"
	}
	return "finish or cancel it first"
}

// parent returns the number of the handover that a new one follows: the deferred
// handover that it resumes, or the one that brought custody to the line. It returns 0
// if there is neither.
func (t *turn) parent() uint32 {
	for n := len(t.conversation.GetHandovers()); n > 0; n-- {
		h := t.conversation.Handover(uint32(n))
		promised := h.State == deferred && (h.Deadline != nil || h.DecisionDue)
		if promised || h.ToLine == t.conversation.Custody.Line { // the receiver, not the sender
			return h.Number()
		}
	}
	return 0
}

// CancelHandover calls the handover off, by the sender.
type CancelHandover struct {
	Line     string
	Handover uint32
	Reason   handoverv1.CancelReason
}

func cancelHandover(o Origin, r *routingv1.CancelHandoverRequest) CancelHandover {
	return CancelHandover{Line: o.Line, Handover: o.At.Handover, Reason: r.Reason}
}

func (c CancelHandover) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	off := &eventv1.HandoverCancelled{Handover: h.Number(), Reason: c.Reason}
	if len(h.AskedLines()) > 0 {
		off.Deadline = t.in(t.rules.Times(h).CancelConfirm)
	}
	t.emit(off)
	t.withdrawOffers(h)
	return nil
}

// giveBack returns a handover to the sender, who never lost custody. Unless the child
// or the sender wanted it back, the sender must decide what happens next.
func (t *turn) giveBack(h Handover, reason handoverv1.ReturnReason) {
	t.withdrawOffers(h)
	back := &eventv1.HandoverReturned{Handover: h.Number(), Reason: reason}
	decided := h.Decision == handoverv1.SenderDecision_SENDER_DECISION_STAY
	if !decided && !slices.Contains(wanting, reason) {
		back.DecisionDeadline = t.in(t.rules.Times(h).Decision)
	}
	t.emit(back)
}

// wanting lists the reasons that express the child's own wish.
var wanting = []handoverv1.ReturnReason{
	handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED,
	handoverv1.ReturnReason_RETURN_REASON_CONSENT_WITHDRAWN,
}
