package command

import (
	"fmt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/persons"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

// CloseConversation ends the conversation, and custody with it. In danger, and while the sender must
// decide how a handover goes on, two persons must sign.
type CloseConversation struct {
	Line   string
	Reason handoverv1.CloseReason
	Signed persons.Signed
}

func closeConversation(o decide.Origin, lines handover.Directory, r *intakev1.CloseConversationRequest) CloseConversation {
	return CloseConversation{Line: o.Line, Reason: r.Reason, Signed: persons.Of("CloseConversation", lines.Staff, r)}
}

func (c CloseConversation) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	if err := mayClose(t, c); err != nil {
		return err
	}
	closed := &eventv1.ConversationClosed{Reason: c.Reason}
	if t.Conversation.InDanger() || t.Conversation.Current().GetDecisionDue() {
		proof, err := c.Signed.Require(t, persons.Wanted{Line: c.Line})
		if err != nil {
			return err
		}
		closed.Persons = proof
	}
	t.Emit(closed)
	t.Emit(&eventv1.CustodyClosed{Line: c.Line, Epoch: t.Conversation.Custody.Epoch})
	return nil
}

// mayClose refuses while a handover or an emergency is under way, and where the reason is not true.
func mayClose(t *decide.Turn, c CloseConversation) error {
	for h := range t.Conversation.Handovers() {
		if h.HoldsOpen() {
			return holdsOpen(h, beforeClosing(h))
		}
	}
	if h := t.Conversation.Current(); h.GetDecisionDue() && len(c.Signed.Signatures) == 0 {
		return holdsOpen(h, "decide how to go on with DecideHandover, or let a second person sign that it is closed")
	}
	if t.Conversation.Emergency != nil {
		return refusal.EmergencyUnderWay("help was called and nobody has confirmed that it reached the child; ConfirmEmergency or EndEmergency first",
			"conversation", t.Conversation.Name)
	}
	if child := t.Conversation.Child(); c.Reason == handoverv1.CloseReason_CLOSE_REASON_CHILD_LEFT && child.GetPresent() {
		return refusal.ChildPresent("the child is there, so it has not left; go on talking, or close for another reason", "conversation", t.Conversation.Name)
	}
	return nil
}

func holdsOpen(h handover.Handover, first string) error {
	return refusal.HandoverUnfinished(fmt.Sprintf("%s is %s; before the conversation is closed, %s", h.Name, h.StateName(), first),
		"handover", h.Name, "state", h.StateName())
}

// beforeClosing says what to do about a handover that prevents closing its conversation.
func beforeClosing(h handover.Handover) string {
	switch h.State {
	case handover.Emergency:
		return "confirm that help has reached the child"
	case handover.Transferred:
		return "let the sender leave"
	}
	return "cancel it"
}
