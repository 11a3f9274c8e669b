package handover

import (
	"cmp"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// What a line did when it was asked before.
const (
	unanswered = handoverv1.AskedBefore_ASKED_BEFORE_UNANSWERED
	notCome    = handoverv1.AskedBefore_ASKED_BEFORE_NOT_COME
	declined   = handoverv1.AskedBefore_ASKED_BEFORE_DECLINED
)

// AskedBefore returns the lines that are not asked again in the conversation: those that
// declined, handed the child back, or accepted and did not come, unless the risk has risen
// since. The line that promised the child the time that the newest handover resumes may be
// asked.
func (c Conversation) AskedBefore() map[string]bool { return Barred(c.Asked()) }

// Barred returns those of the lines that were asked which are not asked again.
func Barred(asked map[string]handoverv1.AskedBefore) map[string]bool {
	barred := map[string]bool{}
	for line, did := range asked {
		if did > unanswered {
			barred[line] = true
		}
	}
	return barred
}

// LastAsked returns when a line was last asked in the conversation, or the zero time.
func (c Conversation) LastAsked(line string) (last time.Time) {
	for h := range c.Handovers() {
		for o := range h.Offers() {
			if at := o.CreateTime; o.Line == line && at != nil && at.AsTime().After(last) {
				last = at.AsTime()
			}
		}
	}
	return last
}

// Asked returns what each line did that answered before at no lower risk than now.
func (c Conversation) Asked() map[string]handoverv1.AskedBefore {
	asked := map[string]handoverv1.AskedBefore{}
	for h := range c.Handovers() {
		for o := range h.Offers() {
			if did := h.did(o); did > asked[o.Line] && !c.rose(cmp.Or(o.AnswerRisk, h.Header.GetRisk())) {
				asked[o.Line] = did
			}
		}
		if h.handsBack() && !c.rose(h.Header.GetRisk()) {
			asked[h.FromLine] = declined
		}
	}
	delete(asked, c.Handover(c.Current().GetParent()).GetSlot().GetLine())
	return asked
}

// rose reports whether the child's risk is higher now than it was when it had a level.
func (c Conversation) rose(from handoverv1.RiskLevel) bool {
	return level(c.Assessment.GetRisk()) > level(from)
}

// did returns what a line did with an offer.
func (h Handover) did(o Offer) handoverv1.AskedBefore {
	switch o.State {
	case OfferDeclined:
		return declined
	case OfferTimedOut, OfferUnreachable:
		return unanswered
	case OfferAccepted:
		lost := h.ReverseReason == handoverv1.ReverseReason_REVERSE_REASON_RECEIVER_LOST
		if lost || h.ReturnReason == handoverv1.ReturnReason_RETURN_REASON_NO_JOIN {
			return notCome
		}
	}
	return 0
}

// handsBack reports whether the handover brought the child back to a line that had handed it
// to the sender.
func (h Handover) handsBack() bool {
	if h.State != Transferred && h.State != AwaitingOutcome && h.State != Closed {
		return false
	}
	for before := range h.Conversation().Handovers() {
		if before.Number() < h.Number() && before.FromLine == h.ToLine && before.ToLine == h.FromLine && before.State >= Transferred && before.State <= Closed {
			return true
		}
	}
	return false
}

// level orders risks, the unassessed below all.
func level(risk handoverv1.RiskLevel) int32 {
	if risk == handoverv1.RiskLevel_RISK_LEVEL_RX {
		return 0
	}
	return int32(risk)
}
