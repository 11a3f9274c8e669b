package handover

import (
	"fmt"

	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// live refuses a closed conversation. The caller has checked that it is known.
func (t *turn) live() error {
	if t.conversation.CloseTime != nil {
		return refusal.ConversationClosed(fmt.Sprintf("%s has ended; open a new conversation", t.conversation.Name),
			"conversation", t.conversation.Name)
	}
	return nil
}

func (t *turn) known() error {
	if t.state.GetCommits() == 0 {
		return refusal.ConversationNotFound("there is no such conversation; check its name")
	}
	t.name = t.conversation.Name
	return nil
}

// involved refuses a line that never took part in the conversation. The wording never
// varies, so that the line learns nothing about the state of the conversation.
func (t *turn) involved(line string) error {
	if err := t.known(); err != nil {
		return err
	}
	if !WasParty(t.state, line) {
		return t.deny(refusal.ConversationNotYours, line, "takes no part in")
	}
	return nil
}

// custodian refuses a line without custody, and every line once the conversation has
// closed.
func (t *turn) custodian(line string) error {
	if err := t.involved(line); err != nil {
		return err
	}
	if err := t.live(); err != nil {
		return err
	}
	if t.conversation.Custody.Line != line {
		return t.deny(refusal.CustodyNotYours, line, "does not have custody of")
	}
	return nil
}

// legHolder refuses a line that does not hold the child's leg and so cannot speak for
// the child.
func (t *turn) legHolder(line string) error {
	if err := t.spokeForChild(line); err != nil {
		return err
	}
	return t.live()
}

// spokeForChild refuses a line that neither holds the child's leg nor held it when the
// conversation closed.
func (t *turn) spokeForChild(line string) error {
	if err := t.involved(line); err != nil {
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
		return t.custodian(line)
	case LegHolder:
		return t.legHolder(line)
	case FormerLegHolder:
		return t.spokeForChild(line)
	case Party, Sender:
		return t.party(line)
	case FormerParty, Receiver:
		return t.involved(line)
	}
	return t.known()
}

// party refuses a line that never took part in the conversation, and every line once it
// has closed.
func (t *turn) party(line string) error {
	if err := t.involved(line); err != nil {
		return err
	}
	return t.live()
}

// handover finds the n-th handover for a line's command. It refuses a line that is not
// on the command's side, a state that does not allow the command, and a command that
// the child's no blocks.
func (t *turn) handover(line string, n uint32) (*handoverv1.Handover, error) {
	if err := t.admit(line); err != nil {
		return nil, err
	}
	if err := t.takesPart(line, NumberedHandover(t.conversation, n)); err != nil {
		return nil, err
	}
	return t.numbered(n)
}

// takesPart refuses a line that is not the sender or the receiver of the handover,
// whichever the command requires. Only the line with custody learns that a handover
// does not exist.
func (t *turn) takesPart(line string, h *handoverv1.Handover) error {
	switch {
	case t.command.Side == Sender && h == nil:
		return t.custodian(line)
	case t.command.Side == Sender && h.FromLine != line:
		return t.deny(refusal.NotTheSender, line, "is not the sender of this handover in")
	case t.command.Side == Receiver && h.GetToLine() != line:
		return t.deny(refusal.NotTheReceiver, line, "has not accepted this handover in")
	}
	return nil
}

// numbered finds the n-th handover and refuses a command that its state or the child's
// no does not allow.
func (t *turn) numbered(n uint32) (*handoverv1.Handover, error) {
	h := NumberedHandover(t.conversation, n)
	if h == nil {
		return nil, noHandover(t.conversation, n)
	}
	t.name = h.Name
	if err := t.allowed(h); err != nil || !t.command.refusable {
		return h, err
	}
	return h, consented(h)
}

func noHandover(c *handoverv1.Conversation, n uint32) error {
	name := HandoverName(c.Name, n)
	return refusal.HandoverNotFound(fmt.Sprintf("there is no %s; check its name", name), "handover", name)
}

// number returns the number of the handover, counted from 1.
func (t *turn) number(h *handoverv1.Handover) uint32 {
	for i, other := range t.conversation.Handovers {
		if other == h {
			return uint32(i + 1)
		}
	}
	return 0
}

// present refuses a participant who is not connected. The refusal says who in words and as
// metadata.
func present(p *handoverv1.Participant, who string, metadata ...string) error {
	if p.GetPresent() {
		return nil
	}
	return refusal.ParticipantAbsent(fmt.Sprintf("%s is not in the conversation; they must join first", who), metadata...)
}

// childThere refuses unless the child is connected. On slow channels, where nobody is
// connected, it only requires that the child has not left.
func (t *turn) childThere() error {
	child := Child(t.conversation)
	if slow(t.conversation.Channel) && !child.Left {
		return nil
	}
	return present(child, child.Id, "participant", child.Id)
}

// counsellorHere refuses unless this counsellor of the line is connected. The child,
// who has a pseudonym at its line too, does not count.
func (t *turn) counsellorHere(line, id string) error {
	p := FindParticipant(t.conversation, line, id)
	if p != nil && p.Role != handoverv1.Role_ROLE_COUNSELLOR {
		return refusal.ParticipantNotCounsellor(fmt.Sprintf("%s is not a counsellor of %s; name the counsellor who does this", id, line),
			"participant", id, "line", line)
	}
	return present(p, id+", a counsellor of "+line+",", "participant", id, "line", line)
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
