package decide

import (
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Transfer is the only place where custody moves to a receiver.
//
// If the sender of an earlier handover is still there, it leaves first.
func (t *Turn) Transfer(h handover.Handover) {
	if overlap := t.Conversation.Overlap(); overlap.Exists() {
		t.SenderLeaves(overlap)
	}
	epoch := t.Conversation.Custody.Epoch
	t.Emit(&eventv1.CustodyTransferred{
		Handover: h.Number(), FromLine: h.FromLine, ToLine: h.ToLine,
		FromEpoch: epoch, ToEpoch: epoch + 1, Deadline: t.In(t.Rules.SenderTimes(h).Overlap),
	})
}

// Reverse is the only place where custody moves back to a sender. A handover that the receiver
// has begun meanwhile ends with it.
func (t *Turn) Reverse(h handover.Handover, reason handoverv1.ReverseReason) {
	if next := t.Conversation.Current(); next.BeforeTransfer() {
		t.GiveBack(next, handoverv1.ReturnReason_RETURN_REASON_REVERSED)
	}
	epoch := t.Conversation.Custody.Epoch
	t.Emit(&eventv1.CustodyTransferred{
		Handover: h.Number(), FromLine: h.ToLine, ToLine: h.FromLine, FromEpoch: epoch, ToEpoch: epoch + 1, Reason: reason,
	})
}

// SenderLeaves ends the overlap. The receiver then owes an outcome.
func (t *Turn) SenderLeaves(h handover.Handover) {
	t.Emit(&eventv1.SenderLeft{Handover: h.Number(), Line: h.FromLine, Deadline: t.In(t.Rules.ReceiverTimes(h, h.ToLine).Outcome)})
}

// AskSupervisor asks the line's supervisors whether the conversation may be handed over
// once more, and sets when they are asked again.
func (t *Turn) AskSupervisor(h handover.Handover) {
	t.Emit(&eventv1.SupervisorTold{
		Handover: h.Number(), Line: h.FromLine, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_HOP,
		Deadline: t.DraftDeadline(h),
	})
}

// GiveBack returns a handover to the sender, who never lost custody. Unless the child
// or the sender wanted it back, or custody went elsewhere, the sender must decide what happens next.
func (t *Turn) GiveBack(h handover.Handover, reason handoverv1.ReturnReason) {
	t.WithdrawOffers(h)
	back := &eventv1.HandoverReturned{Handover: h.Number(), Reason: reason}
	decided := h.Decision == handoverv1.SenderDecision_SENDER_DECISION_STAY || slices.Contains(wanting, reason)
	if !decided && !h.AtDoor() {
		back.DecisionDeadline = t.In(t.Rules.Times(h).Decision)
	}
	t.Emit(back)
	if !decided && h.AtDoor() { // nobody of the sender is there to decide
		t.TellOfDoor(h)
	}
}

// TellOfDoor tells the duty contact of the line with custody of a child at its closed door: that it came, or
// that nobody of another line came to it.
func (t *Turn) TellOfDoor(h handover.Handover) {
	t.Emit(&eventv1.SupervisorTold{
		Handover: h.Number(), Line: t.Conversation.Custody.Line, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_DOOR_CLOSED,
	})
}

// OpenBridge brings the receiver, the child and the sender together, with the reason why one of them is
// not there.
func (t *Turn) OpenBridge(h handover.Handover, sender, receiver string, exception handoverv1.BridgeException) {
	opened := &eventv1.BridgeOpened{
		Handover: h.Number(), SenderParticipant: sender, ReceiverParticipant: receiver,
		ChildParticipant: t.Conversation.Child().Id, Exception: exception, Deadline: t.In(t.Rules.ReceiverTimes(h, h.ToLine).Bridge),
	}
	if exception != handover.DoorClosed { // nobody could decide once it is spent
		opened.BudgetDeadline = t.BudgetLeft(h)
	}
	t.Emit(opened)
}

// wanting lists the reasons after which the sender has nothing to decide: the child's own wish, and
// custody that went elsewhere.
var wanting = []handoverv1.ReturnReason{
	handoverv1.ReturnReason_RETURN_REASON_REVERSED,
	handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED,
	handoverv1.ReturnReason_RETURN_REASON_CONSENT_WITHDRAWN,
}

// WithdrawOffers withdraws all open offers of a handover.
func (t *Turn) WithdrawOffers(h handover.Handover) {
	for o := range h.Offers() {
		if o.Open() {
			t.Emit(&eventv1.OfferWithdrawn{Handover: h.Number(), Offer: o.Number()})
		}
	}
}

// NextAlert returns when a desk is alerted again, or nil. Desks are alerted again only
// in chats without imminent risk, and only Rules.Alerts times in all.
func (t *Turn) NextAlert(h handover.Handover, alerts uint32, deadline *timestamppb.Timestamp) *timestamppb.Timestamp {
	if h.Header.GetChannel() != handoverv1.Channel_CHANNEL_CHAT || h.Imminent() {
		return nil
	}
	return t.NextConsultationAlert(alerts, deadline)
}

// AskNext asks lines in plan order until enough offers are open for the risk, and gives
// the handover back if no line is left. It leaves those for later that were asked a moment ago.
func (t *Turn) AskNext(h handover.Handover) {
	if t.GiveBackSpent(h) {
		return
	}
	for o := range h.Offers() {
		if h.OpenOffers() >= h.OffersWanted() {
			return
		}
		if o.State == handover.OfferPlanned && !t.early(h, o) {
			t.askOrSkip(h, o)
		}
	}
	if _, planned := h.NextAsk(); h.OpenOffers() == 0 && !planned {
		t.GiveBack(h, exhausted(h))
	}
}

// AskOwed asks the line whose seat a child in imminent danger took as soon as it has another one, also while
// another line is being asked.
func (t *Turn) AskOwed(h handover.Handover) {
	if o := h.Owed(); o.Exists() && !h.Stopped() && !t.Past(h.BudgetDeadline) && !t.early(h, o) {
		t.askOrSkip(h, o)
	}
}

// early reports whether a planned line may not be asked yet.
func (t *Turn) early(h handover.Handover, o handover.Offer) bool {
	if h.Owed().Number() == o.Number() && !t.Past(h.BudgetDeadline) {
		return t.passes(h, o) == handoverv1.PassReason_PASS_REASON_NO_SEAT
	}
	at := h.Candidate(o.Line).GetAskTime()
	return at != nil && !t.Past(at)
}

// GiveBackSpent gives a handover back if its budget is spent, and reports whether it did.
func (t *Turn) GiveBackSpent(h handover.Handover) bool {
	over := t.Past(h.BudgetDeadline) && h.AwayDeadline == nil
	if over {
		t.GiveBack(h, handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT)
	}
	return over
}

// askOrSkip asks the line whose turn it is, or skips it if it can no longer take
// the child.
func (t *Turn) askOrSkip(h handover.Handover, o handover.Offer) {
	reason := t.passes(h, o)
	if reason == handoverv1.PassReason_PASS_REASON_UNSPECIFIED {
		t.ask(h, o)
		return
	}
	t.Emit(&eventv1.OfferWithdrawn{Handover: h.Number(), Offer: o.Number(), Reason: reason})
}

// passes says why a planned line cannot take the child now; unspecified if it can.
func (t *Turn) passes(h handover.Handover, o handover.Offer) handoverv1.PassReason {
	switch {
	case t.Past(h.Candidate(o.Line).GetOpenUntil()):
		return handoverv1.PassReason_PASS_REASON_CLOSED
	case t.Skip == nil:
		return handoverv1.PassReason_PASS_REASON_UNSPECIFIED
	}
	reason := t.Skip(o.Line, h.Header)
	if reason == handoverv1.PassReason_PASS_REASON_NO_SEAT && h.Overfull(o.Line) {
		return handoverv1.PassReason_PASS_REASON_UNSPECIFIED
	}
	return reason
}

// ask sends an offer. Its deadline is never later than the handover's budget.
func (t *Turn) ask(h handover.Handover, o handover.Offer) {
	deadline := t.In(t.Rules.ReceiverTimes(h, o.Line).Offer)
	if !t.Past(h.BudgetDeadline) {
		deadline = handover.Earlier(deadline, h.BudgetDeadline)
	}
	t.Emit(&eventv1.OfferSent{
		Handover: h.Number(), Offer: o.Number(), Line: o.Line, Unit: h.Candidate(o.Line).GetUnit(), Deadline: deadline,
		DeliveryDeadline: handover.Earlier(t.In(t.Rules.Delivery), deadline), AlertDeadline: t.NextAlert(h, 1, deadline),
	})
}

// exhausted returns the reason for giving back a handover with no line left to ask: every line was
// asked, none was open, or none may be asked without a supervisor.
func exhausted(h handover.Handover) handoverv1.ReturnReason {
	for o := range h.Offers() {
		if o.Sent() {
			return handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED
		}
	}
	if h.AwaitsSupervisor() {
		return handoverv1.ReturnReason_RETURN_REASON_HOP_LIMIT
	}
	for _, candidate := range h.Routing.GetCandidates() {
		if slices.Equal(candidate.Failed, []handoverv1.Verdict{handoverv1.Verdict_VERDICT_ASKED_BEFORE}) {
			return handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED
		}
	}
	return handoverv1.ReturnReason_RETURN_REASON_NO_LINE_OPEN
}

// ReviewEmergency tells the supervisors of the line with custody that nobody has confirmed yet that
// help has reached the child, and sets the next review.
func (t *Turn) ReviewEmergency() {
	t.Emit(&eventv1.EmergencyOverdue{Deadline: t.In(t.Rules.Review)})
	t.Emit(&eventv1.SupervisorTold{Line: t.Conversation.Custody.Line, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_EMERGENCY_UNCONFIRMED})
}
