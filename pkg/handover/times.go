package handover

import (
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Times returns the times that the rules give a handover, before its lines' own times
// apply.
func (r Rules) Times(h Handover) Times {
	times := r.Live
	if h.Slow() {
		times = r.Slow
	}
	if h.Header.GetChannel() == handoverv1.Channel_CHANNEL_PHONE {
		times.Offer = r.OfferPhone
	}
	if h.Imminent() { // the child's leg may be slow, the desks are not
		times.Offer, times.Budget = r.OfferImminent, r.BudgetImminent
		times.Join, times.Decision = r.Live.Join, r.Live.Decision
	}
	return times
}

// SenderTimes returns the times with those that the sender sets.
func (r Rules) SenderTimes(h Handover) Times {
	return r.Times(h).SetBy(h.Deadlines, h.Header)
}

// ReceiverTimes returns the times with those that a receiving line had set when it was
// ranked.
func (r Rules) ReceiverTimes(h Handover, line string) Times {
	return r.Times(h).SetBy(h.Candidate(line).GetDeadlines(), h.Header)
}

// SetBy returns the times with those that a line has set for a child with this header.
func (t Times) SetBy(line *handoverv1.LineDeadlines, header *handoverv1.PacketHeader) Times {
	if Slow(header.GetChannel()) {
		return t.setSlow(line, header)
	}
	offer := line.GetOffer()
	if header.GetChannel() == handoverv1.Channel_CHANNEL_PHONE {
		offer = line.GetOfferPhone()
	}
	set := t
	set.Consent, set.Offer, set.Join = or(line.GetConsent(), t.Consent), or(offer, t.Offer), or(line.GetJoin(), t.Join)
	if header.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R4 { // never more time than at a lower risk
		imminent := or(line.GetOfferImminent(), t.Offer)
		set.Offer = min(imminent, or(offer, imminent))
	}
	set.Briefing, set.Bridge = or(line.GetBriefing(), t.Briefing), or(line.GetBridge(), t.Bridge)
	set.Confirm, set.Overlap = or(line.GetConfirm(), t.Confirm), or(line.GetOverlap(), t.Overlap)
	set.Outcome = or(line.GetOutcome(), t.Outcome)
	return set
}

// setSlow applies the line's single time to each step of a slow handover. At imminent risk
// its desks have their own times for what they do without the child.
func (t Times) setSlow(line *handoverv1.LineDeadlines, header *handoverv1.PacketHeader) Times {
	set := t
	if step := line.GetSlow(); step != nil {
		d := step.AsDuration()
		set.Consent, set.Offer, set.Join, set.Briefing = d, d, d, d
		set.Bridge, set.Confirm, set.Overlap = d, d, d
	}
	if header.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R4 {
		set.Offer, set.Join = or(line.GetOfferImminent(), t.Offer), or(line.GetJoin(), t.Join)
	}
	return set
}

func or(set *durationpb.Duration, otherwise time.Duration) time.Duration {
	if set == nil {
		return otherwise
	}
	return set.AsDuration()
}

// WaitingTime returns how long a child waits for its first counsellor until its line is alerted, and until it
// is alerted again.
func (r Rules) WaitingTime(c Conversation) time.Duration {
	if c.Slow() {
		return r.WaitingSlow
	}
	return or(c.Conversation.Waiting, r.Waiting)
}

// Earlier returns the earlier of two deadlines, either of which may be absent.
func Earlier(a, b *timestamppb.Timestamp) *timestamppb.Timestamp {
	if a == nil || b != nil && b.AsTime().Before(a.AsTime()) {
		return b
	}
	return a
}
