package command

import (
	"fmt"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/persons"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// DecideHandover records the sender's decision after the budget of a handover is spent.
type DecideHandover struct {
	Line     string
	Handover uint32
	Decision handoverv1.SenderDecision
}

func decideHandover(o decide.Origin, r *routingv1.DecideHandoverRequest) DecideHandover {
	return DecideHandover{Line: o.Line, Handover: o.At.Handover, Decision: r.Decision}
}

func (c DecideHandover) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if !h.DecisionDue {
		return nothingToDecide(h, "its time is not used up, or it was decided already")
	}
	goesOn := c.Decision == handoverv1.SenderDecision_SENDER_DECISION_CONTINUE
	if goesOn && h.Ended() {
		return refusal.HandoverState(fmt.Sprintf("%s is %s and cannot continue; STAY with the child, or propose a new handover", h.Name, h.StateName()),
			"handover", h.Name, "state", h.StateName())
	}
	decided := &eventv1.SenderDecided{Handover: h.Number(), Decision: c.Decision}
	if goesOn {
		decided.BudgetDeadline = t.In(t.Rules.Times(h).Budget)
	}
	t.Emit(decided)
	if !goesOn && !h.Ended() {
		t.GiveBack(h, handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT)
	}
	return nil
}

// DeferHandover puts a handover off to a time that the child chose. The sender keeps
// custody and is asked to resume when that time comes.
type DeferHandover struct {
	Line     string
	Handover uint32
	Slot     *handoverv1.Slot
	Reason   handoverv1.DeferReason
	// Open and Suits are the directory's.
	Open   handover.Open
	Suits  handover.Suits
	Signed persons.Signed
}

const (
	// furthest is how far ahead a promised time may start.
	furthest = 14 * 24 * time.Hour
	// longest is the maximum length of a promised slot.
	longest = 24 * time.Hour
)

func deferHandover(o decide.Origin, lines handover.Directory, r *routingv1.DeferHandoverRequest) DeferHandover {
	slot := &handoverv1.Slot{Line: handover.LineID(r.GetSlot().GetLine()), StartTime: r.GetSlot().GetStartTime(), EndTime: r.GetSlot().GetEndTime()}
	return DeferHandover{Line: o.Line, Handover: o.At.Handover, Slot: slot, Reason: r.Reason, Open: lines.Open, Suits: lines.Suits, Signed: persons.Of("DeferHandover", lines.Staff, r)}
}

func (c DeferHandover) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := mayDefer(t, c); err != nil {
		return err
	}
	proof, err := inDanger(t, c.Line, c.Signed)
	if err != nil {
		return err
	}
	t.WithdrawOffers(h)
	t.Emit(&eventv1.HandoverDeferred{Handover: h.Number(), Slot: c.Slot, Reason: c.Reason, Persons: proof})
	return nil
}

// inDanger requires two persons at R3 or R4, and nothing otherwise.
func inDanger(t *decide.Turn, line string, signed persons.Signed) (*handoverv1.TwoPersons, error) {
	if !t.Conversation.InDanger() {
		return nil, nil
	}
	return signed.Require(t, persons.Wanted{Line: line})
}

func mayDefer(t *decide.Turn, c DeferHandover) error {
	start, end := c.Slot.GetStartTime().AsTime(), c.Slot.GetEndTime().AsTime()
	switch {
	case c.Slot.GetStartTime().CheckValid() != nil:
		return refusal.Field("slot.start_time", "not a valid timestamp; use RFC 3339, for example 2026-11-23T21:00:00+01:00")
	case c.Slot.GetEndTime().CheckValid() != nil || end.After(start.Add(longest)):
		return refusal.Field("slot.end_time", fmt.Sprintf("it must be a valid timestamp at most %s after start_time", longest))
	case c.Slot.GetLine() == c.Line:
		return refusal.Field("slot.line", c.Line+" is the line that hands over; name another")
	case !start.After(t.Now) || start.After(t.Now.Add(furthest)):
		return refusal.Field("slot.start_time", fmt.Sprintf("it must be in the future, at most %d days ahead", furthest/(24*time.Hour)))
	case !end.After(start):
		return refusal.Field("slot.end_time", "it must be after start_time")
	case !c.Open(c.Slot.Line, t.Conversation.Channel, start):
		return refusal.LineClosed(fmt.Sprintf("%s is not open at %s; choose a time within its hours", c.Slot.Line, start.Format(time.RFC3339)),
			"line", c.Slot.Line, "start_time", start.Format(time.RFC3339))
	}
	return c.Suits.Check(t.Conversation.Conversation, c.Slot.Line, handoverv1.ReceptionWay_RECEPTION_WAY_WARM, start)
}

// SignpostHandover sends the child to another line on their own. The sender keeps
// custody; with a claim ticket the child can show the other line where they come from.
type SignpostHandover struct {
	Line     string
	Handover uint32
	ToLine   string
	Reason   handoverv1.SignpostReason
	// Suits is the directory's.
	Suits  handover.Suits
	Signed persons.Signed
}

func signpostHandover(o decide.Origin, lines handover.Directory, r *routingv1.SignpostHandoverRequest) SignpostHandover {
	return SignpostHandover{
		Line: o.Line, Handover: o.At.Handover, ToLine: handover.LineID(r.ToLine), Reason: r.Reason, Suits: lines.Suits,
		Signed: persons.Of("SignpostHandover", lines.Staff, r),
	}
}

func (c SignpostHandover) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if c.ToLine == c.Line {
		return refusal.Field("to_line", c.Line+" is the line that hands over; name another")
	}
	if err := c.Suits.Check(t.Conversation.Conversation, c.ToLine, handoverv1.ReceptionWay_RECEPTION_WAY_SIGNPOST, t.Now); err != nil {
		return err
	}
	proof, err := inDanger(t, c.Line, c.Signed)
	if err != nil {
		return err
	}
	t.WithdrawOffers(h)
	t.Emit(&eventv1.HandoverSignposted{Handover: h.Number(), Line: c.ToLine, Reason: c.Reason, Persons: proof})
	return nil
}

// ConfirmCancel records that a line with an open or accepted offer knows of the
// cancellation. A line whose own answer ended its offer learns nothing more.
type ConfirmCancel struct {
	Line     string
	Handover uint32
	Offer    uint32
}

func confirmCancel(o decide.Origin, _ *routingv1.ConfirmCancelRequest) ConfirmCancel {
	return ConfirmCancel{Line: o.Line, Handover: o.At.Handover, Offer: o.At.Offer}
}

func (c ConfirmCancel) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	o := t.Conversation.Offer(c.Handover, c.Offer)
	name := handover.OfferName(handover.HandoverName(t.Conversation.Name, c.Handover), c.Offer)
	if o.GetLine() != c.Line || o.GetCreateTime() == nil {
		return decide.NoOffer(name, c.Line)
	}
	t.Name = name
	h := t.Conversation.Handover(c.Handover)
	if slices.Contains(h.CancelUnconfirmed, c.Line) {
		t.Emit(&eventv1.CancelConfirmed{Handover: c.Handover, Line: c.Line})
		return nil
	}
	off := h.State == handover.Cancelled || h.State == handover.CancelConfirmed
	switch involved := o.Open() || h.ToLine == c.Line; {
	case !involved && !(off && o.State == handover.OfferWithdrawn):
		return decide.TooLate(o)
	case off:
		return nil
	}
	return t.RequireAllowed(h)
}
