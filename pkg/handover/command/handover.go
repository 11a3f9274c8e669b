package command

import (
	"fmt"
	"slices"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/consultation"
	"github.com/stafett/stafett/pkg/handover/decide"
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
	// Consultation that it follows, whose line alone is asked. If empty, none.
	Consultation string
	// Deadlines are the times that the line sets for itself.
	Deadlines *handoverv1.LineDeadlines
	// Rank is the directory's, for a trial.
	Rank handover.Rank
}

func proposeHandover(o decide.Origin, lines handover.Directory, r *routingv1.ProposeHandoverRequest) ProposeHandover {
	return ProposeHandover{Line: o.Line, Candidates: lineIDs(r.Candidates), Consultation: r.Consultation, Deadlines: lines.Deadlines(o.Line), Rank: lines.Rank}
}

func (c ProposeHandover) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	if err := mayPropose(t, c); err != nil {
		return err
	}
	advised, err := c.follow(t)
	if err != nil {
		return err
	}
	t.EndConsultation(0)
	n := uint32(len(t.Conversation.GetHandovers()) + 1)
	hop := t.Conversation.Hop()
	t.Name = handover.HandoverName(t.Conversation.Name, n)
	made := &eventv1.HandoverProposed{
		Handover: n, FromLine: c.Line, Header: t.Conversation.PacketHeader(), Candidates: c.Candidates,
		AfterConsultation: advised, Parent: parent(t), Hop: hop, SupervisorNeeded: hop > t.Rules.Hops, Deadlines: c.Deadlines, DoorClosed: t.Conversation.ClosedDoor != nil,
	}
	switch {
	case made.DoorClosed:
		made.Deadline = t.In(t.Rules.DoorDraft)
	case !made.SupervisorNeeded:
		made.Deadline = t.DraftEnds(c.Deadlines, made.Header)
	}
	made.Trial = t.Trial(c.Rank, made)
	t.Emit(made)
	if made.SupervisorNeeded {
		t.AskSupervisor(t.Conversation.Current())
	}
	return nil
}

// follow returns the number of the consultation that the handover follows, whose line is then the only candidate.
func (c *ProposeHandover) follow(t *decide.Turn) (uint32, error) {
	if c.Consultation == "" {
		return 0, nil
	}
	if len(c.Candidates) > 0 {
		return 0, refusal.Field("candidates", "the consultation says which line is asked; leave one of the two out")
	}
	number, line, err := consultation.Followed(t, c.Line, c.Consultation)
	c.Candidates = []string{line}
	return number, err
}

// mayPropose refuses a second handover while one is unfinished, a handover to the line
// itself, and one by a line without a counsellor in the conversation.
func mayPropose(t *decide.Turn, c ProposeHandover) error {
	if h := t.Conversation.Current(); h.Exists() && (h.BeforeTransfer() || h.State == handover.Emergency) {
		return refusal.HandoverUnfinished(fmt.Sprintf("%s is %s; %s", h.Name, h.StateName(), unfinished(h)),
			"handover", h.Name, "state", h.StateName())
	}
	if n := len(t.Conversation.GetHandovers()); n >= t.Rules.Handovers {
		return refusal.TooManyHandovers(fmt.Sprintf("%s has had %d handovers; stay with the child, or call for help", t.Conversation.Name, n),
			"conversation", t.Conversation.Name, "handovers", fmt.Sprint(n))
	}
	if slices.Contains(c.Candidates, c.Line) {
		return refusal.Field("candidates", c.Line+" is the line that hands over; name others")
	}
	if t.Conversation.ClosedDoor != nil {
		return mayProposeAtDoor(t, c)
	}
	if t.Conversation.Counsellors(c.Line) == 0 {
		return decide.RequirePresent(nil, "a counsellor of "+c.Line, "line", c.Line)
	}
	return nil
}

// mayProposeAtDoor: at a closed door the line's system proposes, once the child has said yes to a line.
func mayProposeAtDoor(t *decide.Turn, c ProposeHandover) error {
	if len(c.Candidates) == 0 {
		return refusal.Field("candidates", c.Line+" is closed and nobody of it is there; name the line to which the child said yes")
	}
	return t.RequireChild()
}

// unfinished says what to do about a handover that blocks the next one.
func unfinished(h handover.Handover) string {
	switch h.State {
	case handover.Emergency:
		return "confirm first that help has reached the child"
	}
	return "finish or cancel it first"
}

// parent returns the number of the handover that a new one follows: the deferred
// handover that it resumes, or the one that brought custody to the line. It returns 0
// if there is neither.
func parent(t *decide.Turn) uint32 {
	for n := len(t.Conversation.GetHandovers()); n > 0; n-- {
		h := t.Conversation.Handover(uint32(n))
		promised := h.State == handover.Deferred && (h.Deadline != nil || h.DecisionDue)
		moved := h.State >= handover.Transferred && h.State <= handover.Closed
		if promised || moved && h.ToLine == t.Conversation.Custody.Line { // the receiver, not the sender
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

func cancelHandover(o decide.Origin, r *routingv1.CancelHandoverRequest) CancelHandover {
	return CancelHandover{Line: o.Line, Handover: o.At.Handover, Reason: r.Reason}
}

func (c CancelHandover) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	off := &eventv1.HandoverCancelled{Handover: h.Number(), Reason: c.Reason}
	if len(h.AskedLines()) > 0 {
		off.Deadline = t.In(t.Rules.Times(h).CancelConfirm)
	}
	t.Emit(off)
	t.WithdrawOffers(h)
	return nil
}

func lineIDs(names []string) []string {
	var ids []string
	for _, name := range names {
		ids = append(ids, handover.LineID(name))
	}
	return ids
}
