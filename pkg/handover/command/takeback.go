package command

import (
	"fmt"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// AskToStay records that the child asks to stay with the sender, who has not left yet. The
// overlap lasts until the sender has taken custody back or left.
type AskToStay struct {
	Line     string
	Handover uint32
}

func askToStay(o decide.Origin, _ *intakev1.AskToStayRequest) AskToStay {
	return AskToStay{Line: o.Line, Handover: o.At.Handover}
}

func (c AskToStay) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := requireSendersLeg(t, h); err != nil {
		return err
	}
	if !h.StayAsked {
		t.Emit(&eventv1.StayAsked{Handover: h.Number(), Deadline: t.In(t.Rules.Times(h).Decision)})
	}
	return nil
}

// TakeBack gives custody back to the sender, who is still with the child: nobody of the receiver
// is, or the child asked.
type TakeBack struct {
	Line        string
	Handover    uint32
	Participant string
	Reason      handoverv1.ReverseReason
}

func takeBack(o decide.Origin, r *routingv1.TakeBackRequest) TakeBack {
	return TakeBack{Line: o.Line, Handover: o.At.Handover, Participant: r.Participant, Reason: r.Reason}
}

func (c TakeBack) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if err := requireSendersLeg(t, h); err != nil {
		return err
	}
	if err := t.RequireCounsellor(c.Line, c.Participant); err != nil {
		return err
	}
	if err := mayTakeBack(t, h, c.Reason); err != nil {
		return err
	}
	t.Reverse(h, c.Reason)
	return nil
}

// requireSendersLeg refuses if the child's leg has left the sender's system.
func requireSendersLeg(t *decide.Turn, h handover.Handover) error {
	if t.Conversation.LegLine == h.FromLine {
		return nil
	}
	return t.Deny(refusal.LegNotYours, h.FromLine, "does not hold the child's leg of")
}

func mayTakeBack(t *decide.Turn, h handover.Handover, reason handoverv1.ReverseReason) error {
	switch from := h.Went(h.ToLine).Add(t.Rules.Lost); {
	case reason == handoverv1.ReverseReason_REVERSE_REASON_CHILD_ASKED && h.StayAsked:
		return nil
	case reason == handoverv1.ReverseReason_REVERSE_REASON_CHILD_ASKED:
		return refusal.NotAskedToStay(fmt.Sprintf("the child has not asked to stay with %s; AskToStay records that it does", h.FromLine), "handover", h.Name)
	case !h.LacksReceiver():
		return refusal.ReceiverNotLost(fmt.Sprintf("%s has the child, and somebody of it is there or the child is not", h.ToLine), "handover", h.Name)
	case t.Now.Before(from):
		at := from.Format(time.RFC3339)
		return refusal.ReceiverNotLost(fmt.Sprintf("%s may come back; take custody back from %s on. Help can be called at once", h.ToLine, at), "handover", h.Name, "take_back_time", at)
	}
	return nil
}
