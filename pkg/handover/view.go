package handover

import (
	"slices"

	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Visible refuses a line that never had to do with a conversation.
func Visible(s *State, line string) error {
	t := &turn{state: s, conversation: s.GetConversation()}
	return t.involved(line)
}

// ViewFor is what a line may see of a conversation: the assessment if it has
// custody, its own duty records, and the handovers that it gave or took. A line
// that is no longer a party, and every line once the conversation has closed,
// sees only its own records and handovers.
func ViewFor(s *State, line string) (*handoverv1.Conversation, error) {
	if err := Visible(s, line); err != nil {
		return nil, err
	}
	c := proto.CloneOf(s.Conversation)
	if !IsParty(s, line) {
		c = &handoverv1.Conversation{
			Name: c.Name, Custody: &handoverv1.Custody{}, DutyRecords: c.DutyRecords, Handovers: c.Handovers,
			SupervisorCalls: c.SupervisorCalls,
		}
	}
	if c.Custody.Line != line {
		c.Assessment, c.Tickets, c.PendingLeg = nil, nil, nil
		c.Custody.Alerts, c.Custody.AlertDeadline = 0, nil
	}
	for _, ticket := range c.Tickets {
		ticket.LinkHash, ticket.DigitsHash, ticket.RequestId = nil, nil, nil
	}
	c.SupervisorCalls = slices.DeleteFunc(c.SupervisorCalls, func(call *handoverv1.SupervisorCall) bool { return call.Line != line })
	c.DutyRecords = slices.DeleteFunc(c.DutyRecords, func(d *handoverv1.DutyRecord) bool { return d.Line != line })
	c.Handovers = slices.DeleteFunc(c.Handovers, func(h *handoverv1.Handover) bool { return h.FromLine != line && h.ToLine != line })
	for i, h := range c.Handovers {
		c.Handovers[i] = HandoverFor(h, line)
	}
	return c, nil
}

// HandoverFor is what a line may see of a handover that it gave or took. Which
// other lines were asked, and what they answered, is the sender's to know.
func HandoverFor(h *handoverv1.Handover, line string) *handoverv1.Handover {
	view := proto.CloneOf(h)
	if h.FromLine == line {
		view.Outcome = outcomeFor(h)
		return view
	}
	view.Routing, view.Candidates, view.PacketParts = nil, nil, OpenParts(view)
	view.DecisionDue, view.DecisionDeadline, view.Supervisor, view.Deadlines = false, nil, "", nil
	view.Consent.OverridePersons, view.CancelUnconfirmed = nil, nil
	view.Decision, view.SupervisorNeeded = 0, false
	view.Offers = slices.DeleteFunc(view.Offers, func(o *handoverv1.Offer) bool { return o.Line != line || o.CreateTime == nil })
	return view
}

// outcomeFor is what the sender learns of the outcome: nothing, unless the child
// allowed it to learn whether the handover worked, or more.
func outcomeFor(h *handoverv1.Handover) handoverv1.Outcome {
	for _, scope := range scopes(h) {
		if scope == handoverv1.Scope_SCOPE_FEEDBACK_TECHNICAL || scope == handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME {
			return h.Outcome
		}
	}
	return handoverv1.Outcome_OUTCOME_UNSPECIFIED
}

// FindHandover returns a handover that a line gave or took.
func FindHandover(s *State, n uint32, line string) (*handoverv1.Handover, error) {
	t := &turn{state: s, conversation: s.GetConversation()}
	if err := t.involved(line); err != nil {
		return nil, err
	}
	h := NumberedHandover(t.conversation, n)
	if h == nil {
		return nil, noHandover(t.conversation, n)
	}
	if h.FromLine != line && h.ToLine != line {
		return nil, t.notYours(line, "neither gave nor took that handover of")
	}
	return HandoverFor(h, line), nil
}

// HoldsLeg refuses a line that cannot speak for the child, because the child's leg
// is at another.
func HoldsLeg(s *State, line string) error {
	t := &turn{state: s, conversation: s.GetConversation()}
	return t.legHolder(line)
}
