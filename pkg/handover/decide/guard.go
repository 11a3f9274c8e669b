package decide

import (
	"fmt"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// requireOpen refuses a closed conversation. The caller has checked that it is known.
func (t *Turn) requireOpen() error {
	if t.Conversation.CloseTime != nil {
		return refusal.ConversationClosed(fmt.Sprintf("%s has ended; open a new conversation", t.Conversation.Name),
			"conversation", t.Conversation.Name)
	}
	return nil
}

// RequireKnown refuses a conversation that was never opened.
func (t *Turn) RequireKnown() error {
	if t.State.GetCommits() == 0 {
		return refusal.ConversationNotFound("there is no such conversation; check its name")
	}
	t.Name = t.Conversation.Name
	return nil
}

// requireInvolved refuses a line that never took part in the conversation. The wording never
// varies, so that the line learns nothing about the state of the conversation.
func (t *Turn) requireInvolved(line string) error {
	if err := t.RequireKnown(); err != nil {
		return err
	}
	if !handover.PartiesOf(t.State).Included(line) {
		return t.Deny(refusal.ConversationNotYours, line, "takes no part in")
	}
	return nil
}

// requireCustodian refuses a line without custody, and every line once the conversation has
// closed.
func (t *Turn) requireCustodian(line string) error {
	if err := t.requireInvolved(line); err != nil {
		return err
	}
	if err := t.requireOpen(); err != nil {
		return err
	}
	if t.Conversation.Custody.Line != line {
		return t.Deny(refusal.CustodyNotYours, line, "does not have custody of")
	}
	return nil
}

// requireWithChild refuses a line whose people are not with the child.
func (t *Turn) requireWithChild(line string) error {
	if err := t.requireParty(line); err != nil {
		return err
	}
	if !t.Conversation.WithChild(line) {
		return t.Deny(refusal.CustodyNotYours, line, "neither has custody nor is with the child of")
	}
	return nil
}

// RequireLegHolder refuses a line that does not hold the child's leg and so cannot speak for
// the child.
func (t *Turn) RequireLegHolder(line string) error {
	if err := t.requireFormerLegHolder(line); err != nil {
		return err
	}
	return t.requireOpen()
}

// requireFormerLegHolder refuses a line that neither holds the child's leg nor held it when the
// conversation closed.
func (t *Turn) requireFormerLegHolder(line string) error {
	if err := t.requireInvolved(line); err != nil {
		return err
	}
	if t.Conversation.LegLine != line {
		return t.Deny(refusal.LegNotYours, line, "does not hold the child's leg of")
	}
	return nil
}

// Deny tells a line which part in the conversation it lacks.
func (t *Turn) Deny(reason refusal.Constructor, line, lacks string) error {
	return reason(fmt.Sprintf("%s %s %s", line, lacks, t.Conversation.Name),
		"line", line, "conversation", t.Conversation.Name)
}

// Admit refuses a line that is not on the command's side. Commands that name a handover
// or an offer begin with Handover or Offer instead.
func (t *Turn) Admit(line string) error {
	switch t.Permission.Side {
	case handover.Custodian:
		return t.requireCustodian(line)
	case handover.WithChild:
		return t.requireWithChild(line)
	case handover.LegHolder:
		return t.RequireLegHolder(line)
	case handover.FormerLegHolder:
		return t.requireFormerLegHolder(line)
	case handover.Party, handover.Sender:
		return t.requireParty(line)
	case handover.FormerParty, handover.Receiver:
		return t.requireInvolved(line)
	}
	return t.RequireKnown()
}

// requireParty refuses a line that never took part in the conversation, and every line once it
// has closed.
func (t *Turn) requireParty(line string) error {
	if err := t.requireInvolved(line); err != nil {
		return err
	}
	return t.requireOpen()
}

// Handover finds the n-th handover for a line's command. It refuses a line that is not
// on the command's side, a state that does not allow the command, and a command that
// the child's no blocks.
func (t *Turn) Handover(line string, n uint32) (handover.Handover, error) {
	if err := t.Admit(line); err != nil {
		return handover.Handover{}, err
	}
	if err := t.requireSide(line, t.Conversation.Handover(n)); err != nil {
		return handover.Handover{}, err
	}
	return t.numbered(n)
}

// requireSide refuses a line that is not the sender or the receiver of the handover,
// whichever the command requires. Only the line with custody learns that a handover
// does not exist.
func (t *Turn) requireSide(line string, h handover.Handover) error {
	switch {
	case t.Permission.Side == handover.Sender && !h.Exists():
		return t.requireCustodian(line)
	case t.Permission.Side == handover.Sender && h.FromLine != line:
		return t.Deny(refusal.NotTheSender, line, "is not the sender of this handover in")
	case t.Permission.Side == handover.Receiver && h.GetToLine() != line:
		return t.Deny(refusal.NotTheReceiver, line, "has not accepted this handover in")
	}
	return nil
}

// numbered finds the n-th handover and refuses a command that its state or the child's
// no does not allow.
func (t *Turn) numbered(n uint32) (handover.Handover, error) {
	h := t.Conversation.Handover(n)
	if !h.Exists() {
		return handover.Handover{}, noHandover(t.Conversation, n)
	}
	t.Name = h.Name
	if err := t.RequireAllowed(h); err != nil {
		return h, err
	}
	return h, RequireConsent(h)
}

func noHandover(c handover.Conversation, n uint32) error {
	name := handover.HandoverName(c.Name, n)
	return refusal.HandoverNotFound(fmt.Sprintf("there is no %s; check its name", name), "handover", name)
}

// RequireConsent refuses to go on after the child's no.
func RequireConsent(h handover.Handover) error {
	if h.Stopped() {
		return OutsideConsent(handoverv1.Scope_SCOPE_INTRO, "the child has said no; the handover is being returned")
	}
	return nil
}

// OutsideConsent refuses what the child did not allow to cross.
func OutsideConsent(scope handoverv1.Scope, why string) error {
	name := strings.TrimPrefix(scope.String(), "SCOPE_")
	return refusal.OutsideConsent(fmt.Sprintf("consent does not cover %s: %s", name, why), "scope", name)
}

// RequireAllowed refuses a command that the state of the handover does not allow. The refusal
// says what is allowed and who acts next.
func (t *Turn) RequireAllowed(h handover.Handover) error {
	if t.Permission.Allows(h.State) {
		return nil
	}
	state := h.StateName()
	next := actorName(h.NextActor)
	instead := strings.Join(t.instead(h.State), ", ")
	if instead == "" {
		instead = "nothing, it has ended"
	}
	return refusal.HandoverState(fmt.Sprintf("%s is %s, which does not allow %s; allowed now: %s; next to act: %s", h.Name, state, t.Permission.Name, instead, next),
		"handover", h.Name, "state", state, "command", t.Permission.Name, "allowed", instead, "next_actor", next)
}

func actorName(actor handoverv1.NextActor) string {
	if actor == handover.ActorNobody {
		return "NOBODY"
	}
	return strings.TrimPrefix(actor.String(), "NEXT_ACTOR_")
}
