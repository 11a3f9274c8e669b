package handover

import (
	"fmt"

	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// requireOpen refuses a closed conversation. The caller has checked that it is known.
func (t *turn) requireOpen() error {
	if t.conversation.CloseTime != nil {
		return refusal.ConversationClosed(fmt.Sprintf("%s has ended; open a new conversation", t.conversation.Name),
			"conversation", t.conversation.Name)
	}
	return nil
}

func (t *turn) requireKnown() error {
	if t.state.GetCommits() == 0 {
		return refusal.ConversationNotFound("there is no such conversation; check its name")
	}
	t.name = t.conversation.Name
	return nil
}

// requireInvolved refuses a line that never took part in the conversation. The wording never
// varies, so that the line learns nothing about the state of the conversation.
func (t *turn) requireInvolved(line string) error {
	if err := t.requireKnown(); err != nil {
		return err
	}
	if !WasParty(t.state, line) {
		return t.deny(refusal.ConversationNotYours, line, "takes no part in")
	}
	return nil
}

// requireCustodian refuses a line without custody, and every line once the conversation has
// closed.
func (t *turn) requireCustodian(line string) error {
	if err := t.requireInvolved(line); err != nil {
		return err
	}
	if err := t.requireOpen(); err != nil {
		return err
	}
	if t.conversation.Custody.Line != line {
		return t.deny(refusal.CustodyNotYours, line, "does not have custody of")
	}
	return nil
}

// requireLegHolder refuses a line that does not hold the child's leg and so cannot speak for
// the child.
func (t *turn) requireLegHolder(line string) error {
	if err := t.requireFormerLegHolder(line); err != nil {
		return err
	}
	return t.requireOpen()
}

// requireFormerLegHolder refuses a line that neither holds the child's leg nor held it when the
// conversation closed.
func (t *turn) requireFormerLegHolder(line string) error {
	if err := t.requireInvolved(line); err != nil {
		return err
	}
	if t.conversation.LegLine != line {
		return t.deny(refusal.LegNotYours, line, "does not hold the child's leg of")
	}
	return nil
}

// deny tells a line which part in the conversation it lacks.
func (t *turn) deny(reason refusal.Constructor, line, lacks string) error {
	return reason(fmt.Sprintf("%s %s %s", line, lacks, t.conversation.Name),
		"line", line, "conversation", t.conversation.Name)
}

// admit refuses a line that is not on the command's side. Commands that name a handover
// or an offer begin with t.handover or t.offer instead.
func (t *turn) admit(line string) error {
	switch t.command.Side {
	case Custodian:
		return t.requireCustodian(line)
	case LegHolder:
		return t.requireLegHolder(line)
	case FormerLegHolder:
		return t.requireFormerLegHolder(line)
	case Party, Sender:
		return t.requireParty(line)
	case FormerParty, Receiver:
		return t.requireInvolved(line)
	}
	return t.requireKnown()
}

// requireParty refuses a line that never took part in the conversation, and every line once it
// has closed.
func (t *turn) requireParty(line string) error {
	if err := t.requireInvolved(line); err != nil {
		return err
	}
	return t.requireOpen()
}

// handover finds the n-th handover for a line's command. It refuses a line that is not
// on the command's side, a state that does not allow the command, and a command that
// the child's no blocks.
func (t *turn) handover(line string, n uint32) (Handover, error) {
	if err := t.admit(line); err != nil {
		return Handover{}, err
	}
	if err := t.requireSide(line, t.conversation.Handover(n)); err != nil {
		return Handover{}, err
	}
	return t.numbered(n)
}

// requireSide refuses a line that is not the sender or the receiver of the handover,
// whichever the command requires. Only the line with custody learns that a handover
// does not exist.
func (t *turn) requireSide(line string, h Handover) error {
	switch {
	case t.command.Side == Sender && !h.Exists():
		return t.requireCustodian(line)
	case t.command.Side == Sender && h.FromLine != line:
		return t.deny(refusal.NotTheSender, line, "is not the sender of this handover in")
	case t.command.Side == Receiver && h.GetToLine() != line:
		return t.deny(refusal.NotTheReceiver, line, "has not accepted this handover in")
	}
	return nil
}

// numbered finds the n-th handover and refuses a command that its state or the child's
// no does not allow.
func (t *turn) numbered(n uint32) (Handover, error) {
	h := t.conversation.Handover(n)
	if !h.Exists() {
		return Handover{}, noHandover(t.conversation, n)
	}
	t.name = h.Name
	if err := t.requireAllowed(h); err != nil || !t.command.refusable {
		return h, err
	}
	return h, requireConsent(h)
}

func noHandover(c Conversation, n uint32) error {
	name := HandoverName(c.Name, n)
	return refusal.HandoverNotFound(fmt.Sprintf("there is no %s; check its name", name), "handover", name)
}

// requirePresent refuses a participant who is not connected. The refusal says who in words and as
// metadata.
func requirePresent(p *handoverv1.Participant, who string, metadata ...string) error {
	if p.GetPresent() {
		return nil
	}
	return refusal.ParticipantAbsent(fmt.Sprintf("%s is not in the conversation; they must join first", who), metadata...)
}

// requireChild refuses unless the child is connected. On slow channels, where nobody is
// connected, it only requires that the child has not left.
func (t *turn) requireChild() error {
	child := t.conversation.Child()
	if t.conversation.Slow() && !child.Left {
		return nil
	}
	return requirePresent(child, child.Id, "participant", child.Id)
}

// requireCounsellor refuses unless this counsellor of the line is connected. The child,
// who has a pseudonym at its line too, does not count.
func (t *turn) requireCounsellor(line, id string) error {
	p := t.conversation.Participant(line, id)
	if p != nil && p.Role != handoverv1.Role_ROLE_COUNSELLOR {
		return refusal.ParticipantNotCounsellor(fmt.Sprintf("%s is not a counsellor of %s; name the counsellor who does this", id, line),
			"participant", id, "line", line)
	}
	return requirePresent(p, id+", a counsellor of "+line+",", "participant", id, "line", line)
}

// alreadyHere refuses a participant who is present.
func alreadyHere(line, id string) error {
	return refusal.ParticipantPresent(fmt.Sprintf("%s of %s is already in the conversation", id, line),
		"participant", id, "line", line)
}

// taken refuses a pseudonym that somebody else at the line has in the conversation.
func taken(line, id string) error {
	return refusal.PseudonymTaken(fmt.Sprintf("somebody else at %s is called %s in this conversation; use another pseudonym", line, id),
		"participant", id, "line", line)
}
