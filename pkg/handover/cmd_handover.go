package handover

import (
	"fmt"
	"slices"
	"strings"

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
	// Deadlines are the times that the line sets for itself.
	Deadlines *handoverv1.LineDeadlines
}

func proposeHandover(o Origin, lines Directory, r *routingv1.ProposeHandoverRequest) ProposeHandover {
	return ProposeHandover{Line: o.Line, Candidates: lineIDs(r.Candidates), Deadlines: lines.Deadlines(o.Line)}
}

func (c ProposeHandover) decide(t *turn) error {
	if err := t.admit(c.Line); err != nil {
		return err
	}
	if err := t.mayPropose(c); err != nil {
		return err
	}
	n := uint32(len(t.conversation.Handovers) + 1)
	hop := t.conversation.Custody.Epoch
	t.name = HandoverName(t.conversation.Name, n)
	made := &eventv1.HandoverProposed{
		Handover: n, FromLine: c.Line, Header: Header(t.conversation), Candidates: c.Candidates,
		Parent: t.parent(), Hop: hop, SupervisorNeeded: hop > t.rules.Hops, Deadlines: c.Deadlines,
	}
	if slow(t.conversation.Channel) && !made.SupervisorNeeded {
		made.Deadline = t.in(own(t.rules.Slow, c.Deadlines, made.Header).Consent)
	}
	t.emit(made)
	if made.SupervisorNeeded {
		t.askSupervisor(Current(t.conversation))
	}
	return nil
}

// askSupervisor asks the line's supervisors whether the conversation may be handed over
// once more, and sets when they are asked again.
func (t *turn) askSupervisor(h *handoverv1.Handover) {
	t.emit(&eventv1.SupervisorTold{
		Handover: t.number(h), Line: h.FromLine, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_HOP,
		Deadline: t.draftDeadline(h),
	})
}

// mayPropose refuses a second handover while one is unfinished, a handover to the line
// itself, and one by a line without a counsellor in the conversation.
func (t *turn) mayPropose(c ProposeHandover) error {
	if h := Current(t.conversation); h != nil && !Ended(h) {
		return refusal.HandoverUnfinished(fmt.Sprintf("%s is %s; %s", h.Name, stateName(h.State), unfinished(h)),
			"handover", h.Name, "state", stateName(h.State))
	}
	if n := len(t.conversation.Handovers); n >= t.rules.Handovers {
		return refusal.TooManyHandovers(fmt.Sprintf("%s has had %d handovers; stay with the child, or call for help", t.conversation.Name, n),
			"conversation", t.conversation.Name, "handovers", fmt.Sprint(n))
	}
	if slices.Contains(c.Candidates, c.Line) {
		return refusal.Field("candidates", c.Line+" is the line that hands over; name others")
	}
	if Counsellors(t.conversation, c.Line) == 0 {
		return present(nil, "a counsellor of "+c.Line, "line", c.Line)
	}
	return nil
}

// unfinished says what to do about a handover that blocks the next one.
func unfinished(h *handoverv1.Handover) string {
	switch h.State {
	case awaitingOutcome:
		return "report its outcome first (ONGOING needs no consent)"
	case emergency:
		return "confirm first that help has reached the child"
	}
	return "finish or cancel it first"
}

// parent returns the number of the handover that a new one follows: the deferred
// handover that it resumes, or the one that brought custody to the line. It returns 0
// if there is neither.
func (t *turn) parent() uint32 {
	for i, h := range slices.Backward(t.conversation.Handovers) {
		promised := h.State == deferred && (h.Deadline != nil || h.DecisionDue)
		if promised || h.ToLine == t.conversation.Custody.Line { // the receiver, not the sender
			return uint32(i + 1)
		}
	}
	return 0
}

// Header returns what every line that is asked may see of a conversation.
func Header(c *handoverv1.Conversation) *handoverv1.PacketHeader {
	return &handoverv1.PacketHeader{
		TopicGroups: groups(c.Assessment.GetTags()), Risk: c.Assessment.GetRisk(),
		AgeBand: c.AgeBand, Language: c.Language, Channel: c.Channel, Area: c.Area,
	}
}

func groups(tags []string) []string {
	var found []string
	for _, tag := range tags {
		group, _, _ := strings.Cut(tag, ".")
		if !slices.Contains(found, group) {
			found = append(found, group)
		}
	}
	return found
}

// CancelHandover calls the handover off, by the sender.
type CancelHandover struct {
	Line     string
	Handover uint32
	Reason   handoverv1.CancelReason
}

func cancelHandover(o Origin, r *routingv1.CancelHandoverRequest) CancelHandover {
	return CancelHandover{Line: o.Line, Handover: o.At.Handover, Reason: r.Reason}
}

func (c CancelHandover) decide(t *turn) error {
	h, err := t.handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	off := &eventv1.HandoverCancelled{Handover: t.number(h), Reason: c.Reason}
	if len(asked(h)) > 0 {
		off.Deadline = t.in(t.times(h).CancelConfirm)
	}
	t.emit(off)
	t.withdrawOffers(h)
	return nil
}

// asked returns the lines with an open or accepted offer, which must learn of a
// cancellation.
func asked(h *handoverv1.Handover) []string {
	var lines []string
	for _, o := range h.Offers {
		if OpenOffer(o) || o.State == offerAccepted {
			lines = append(lines, o.Line)
		}
	}
	return lines
}

// giveBack returns a handover to the sender, who never lost custody. Unless the child
// or the sender wanted it back, the sender must decide what happens next.
func (t *turn) giveBack(h *handoverv1.Handover, reason handoverv1.ReturnReason) {
	t.withdrawOffers(h)
	back := &eventv1.HandoverReturned{Handover: t.number(h), Reason: reason}
	decided := h.Decision == handoverv1.SenderDecision_SENDER_DECISION_STAY
	if !decided && !slices.Contains(wanting, reason) {
		back.DecisionDeadline = t.in(t.times(h).Decision)
	}
	t.emit(back)
}

// wanting lists the reasons that express the child's own wish.
var wanting = []handoverv1.ReturnReason{
	handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED,
	handoverv1.ReturnReason_RETURN_REASON_CONSENT_WITHDRAWN,
}

// AskedBefore returns the lines that declined or did not answer in this conversation.
// They are not asked again, except the line that promised the child the time that the
// newest handover resumes. A line whose offer was withdrawn, or whose machine did not
// respond, does not count.
func AskedBefore(c *handoverv1.Conversation) map[string]bool {
	asked := map[string]bool{}
	for _, h := range c.GetHandovers() {
		for _, o := range h.Offers {
			if o.State == offerDeclined || o.State == offerTimedOut {
				asked[o.Line] = true
			}
		}
	}
	delete(asked, NumberedHandover(c, Current(c).GetParent()).GetSlot().GetLine())
	return asked
}
