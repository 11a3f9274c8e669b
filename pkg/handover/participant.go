package handover

import (
	"slices"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Participant returns the participant with this pseudonym at a line, or nil.
func (c Conversation) Participant(line, id string) *statev1.Participant {
	for _, p := range c.GetParticipants() {
		if p.Line == line && p.Id == id {
			return p
		}
	}
	return nil
}

// Child returns the child, or nil before the conversation has opened.
func (c Conversation) Child() *statev1.Participant {
	for _, p := range c.GetParticipants() {
		if p.Role == handoverv1.Role_ROLE_CHILD {
			return p
		}
	}
	return nil
}

// Counsellors counts the connected counsellors of a line.
func (c Conversation) Counsellors(line string) int {
	n := 0
	for _, p := range c.GetParticipants() {
		if counsels(p, line) && p.Present {
			n++
		}
	}
	return n
}

func counsels(p *statev1.Participant, line string) bool {
	return p.Line == line && p.Role == handoverv1.Role_ROLE_COUNSELLOR
}

// Unattended reports whether the child is present and every counsellor of the line with
// custody is gone. A child who waits for the first counsellor is in the line's own
// queue, and on slow channels nobody is expected to be present; neither counts as
// unattended.
func (c Conversation) Unattended() bool {
	if c.CloseTime != nil || c.Slow() || !c.Child().GetPresent() {
		return false
	}
	return c.Came(c.Custody.Line) && c.Counsellors(c.Custody.Line) == 0
}

// Waiting reports whether the child waits for its first counsellor, on whichever channel.
func (c Conversation) Waiting() bool {
	child := c.Child()
	if c.CloseTime != nil || child == nil || child.Left || !child.Present && !c.Slow() {
		return false
	}
	return !c.Met()
}

// Met reports whether somebody of the line with custody ever came, or somebody of another line is there. On slow
// channels whoever has not left is.
func (c Conversation) Met() bool {
	return slices.ContainsFunc(c.GetParticipants(), func(p *statev1.Participant) bool {
		there := p.Present || c.Slow() && !p.Left
		return p.Role != handoverv1.Role_ROLE_CHILD && (there || p.Line == c.Custody.GetLine())
	})
}

// InDanger reports whether the child's risk is R3 or R4.
func (c Conversation) InDanger() bool {
	return c.Assessment.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R3 || c.Assessment.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R4
}

// WithChild reports whether a line may act for a child in danger: it has custody, shares a
// bridge or an overlap, or its counsellor is alone with the child.
func (c Conversation) WithChild(line string) bool {
	for h := range c.Handovers() {
		if h.State >= Bridged && h.State <= Transferred && (line == h.FromLine || line == h.ToLine) {
			return true
		}
	}
	custodian := c.Custody.GetLine()
	return line == custodian || c.Counsellors(line) > 0 && c.Counsellors(custodian) == 0
}

// PresentReceiver returns a connected counsellor of the receiver, or nil. It need not be
// the one who joined first: if that counsellor's machine fails, a colleague can carry
// on.
func (h Handover) PresentReceiver() *statev1.Participant {
	if h.ReceiverParticipant == "" {
		return nil
	}
	for _, p := range h.of.Participants {
		if counsels(p, h.ToLine) && p.Present {
			return p
		}
	}
	return nil
}

// ReceiverGone reports whether the receiver's last counsellor left on purpose before
// custody moved. A counsellor who lost the connection may still come back.
func (h Handover) ReceiverGone() bool {
	if h.ReceiverParticipant == "" {
		return false
	}
	for _, p := range h.of.Participants {
		if counsels(p, h.ToLine) && !p.Left {
			return false
		}
	}
	return true
}

// ChildAway reports whether the handover must wait for an absent child. On slow channels
// only a child who left on purpose is away, since nobody is expected to be present. If
// the child's life is in danger, the handover goes on without them.
func (h Handover) ChildAway() bool {
	return Of(h.of).childGone() && h.GetConsent().GetOverridden() == 0 && h.BridgeException != ChildUnreachable
}

// childGone reports whether the child is not there, whether it left or lost the connection. On slow
// channels nobody is expected to be present, so only a child who left is gone.
func (c Conversation) childGone() bool {
	child := c.Child()
	return !child.GetPresent() && (child.GetLeft() || !c.Slow())
}
