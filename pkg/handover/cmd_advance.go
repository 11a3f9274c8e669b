package handover

import (
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// AtOnce is long past: no machine's clock is before it.
var AtOnce = time.Unix(0, 0).UTC()

// Due is the instant at which the platform must look at a conversation again:
// the next deadline, or AtOnce if something can be done already. It is false
// when nothing is awaited.
func Due(c *handoverv1.Conversation) (time.Time, bool) {
	h := Current(c)
	if h == nil || Ended(h) || h.Deadline == nil {
		return time.Time{}, false
	}
	agreed := h.State == confirming && h.ChildAgreed && Counsellors(c, h.ToLine) > 0
	if h.State == routing || noLonger(h) || agreed || receiverGone(c, h) || childGone(c, h) {
		return AtOnce, true
	}
	due := h.Deadline.AsTime()
	for _, o := range h.Offers {
		if OpenOffer(o) && o.Deadline.AsTime().Before(due) {
			due = o.Deadline.AsTime()
		}
	}
	return due, true
}

// childGone says whether the child left on purpose after it was asked and before
// custody moved. One who lost the connection may come back in time.
func childGone(c *handoverv1.Conversation, h *handoverv1.Handover) bool {
	return h.State >= consentAsked && h.State <= confirming && Child(c).Left
}

// receiverGone says whether the receiver's last counsellor left on purpose
// before custody moved. One who lost the connection may come back in time.
func receiverGone(c *handoverv1.Conversation, h *handoverv1.Handover) bool {
	if h.State < accepted || h.State > confirming || h.ReceiverParticipant == "" {
		return false
	}
	for _, p := range c.Participants {
		if p.Line == h.ToLine && p.Role == handoverv1.Role_ROLE_COUNSELLOR && !p.Left {
			return false
		}
	}
	return true
}

// Advance: the platform does what is due. Early, late or twice, it looks at the
// clock and at the state, and does nothing where nothing is due.
type Advance struct {
	// Rank ranks the lines for a conversation whose handover must be routed. It must
	// be a pure function of the conversation and of the directory it was made with.
	Rank func(*handoverv1.Conversation) *handoverv1.RoutingDecision
}

func (c Advance) decide(t *turn) error {
	if err := t.known(); err != nil {
		return err
	}
	due, waiting := Due(t.conversation)
	if !waiting || t.now.Before(due) {
		return nil
	}
	h := Current(t.conversation)
	t.name = h.Name
	switch {
	case noLonger(h):
		t.giveBack(h, unconsented(h))
	case childGone(t.conversation, h):
		t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_CHILD_LEFT)
	default:
		t.advance(c, h)
	}
	return nil
}

func (t *turn) advance(c Advance, h *handoverv1.Handover) {
	switch h.State {
	case consentAsked:
		t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_CONSENT_UNANSWERED)
	case routing:
		t.emit(&eventv1.HandoverRouted{Handover: t.number(h), Decision: c.Rank(t.conversation)})
		t.askNext(h)
	case offered:
		t.timeOut(h)
	case accepted, briefing, bridged, confirming:
		t.advanceBridge(h)
	case transferred:
		t.senderLeaves(h)
	case awaitingOutcome:
		t.escalate(h)
	}
}

func unconsented(h *handoverv1.Handover) handoverv1.ReturnReason {
	if h.Consent.Refused {
		return handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED
	}
	return handoverv1.ReturnReason_RETURN_REASON_CONSENT_WITHDRAWN
}

// timeOut ends the offers that nobody answered and asks the next lines.
func (t *turn) timeOut(h *handoverv1.Handover) {
	for i, o := range h.Offers {
		if OpenOffer(o) && t.past(o.Deadline) {
			t.emit(&eventv1.OfferTimedOut{Handover: t.number(h), Offer: uint32(i + 1)})
		}
	}
	t.askNext(h)
}

// advanceBridge moves custody when the child has agreed and the receiver is
// there, and returns the handover when it has come to a standstill.
func (t *turn) advanceBridge(h *handoverv1.Handover) {
	switch here := t.receiverHere(h) != nil; {
	case h.State == confirming && h.ChildAgreed && here:
		t.transfer(h)
	case receiverGone(t.conversation, h):
		t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED)
	case !t.past(h.Deadline):
	case h.ReceiverParticipant == "":
		t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_NO_JOIN)
	case !here || h.State == bridged:
		t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED)
	default:
		t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT)
	}
}

// escalate reminds of an outcome that is late, twice, and then closes without.
func (t *turn) escalate(h *handoverv1.Handover) {
	if h.OutcomeEscalation == 2 {
		t.emit(&eventv1.OutcomeReported{Handover: t.number(h), Outcome: handoverv1.Outcome_OUTCOME_MISSING})
		return
	}
	t.emit(&eventv1.OutcomeOverdue{
		Handover: t.number(h), Escalation: h.OutcomeEscalation + 1, Deadline: t.in(t.rules.Outcome),
	})
}
