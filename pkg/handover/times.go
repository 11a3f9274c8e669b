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
	if h.Slow() {
		return r.Slow
	}
	times := r.Live
	if h.Header.GetChannel() == handoverv1.Channel_CHANNEL_PHONE {
		times.Offer = r.OfferPhone
	}
	if h.Imminent() {
		times.Offer, times.Budget = r.OfferImminent, r.BudgetImminent
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
		return t.setSlow(line.GetSlow())
	}
	offer := line.GetOffer()
	switch {
	case header.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R4:
		offer = line.GetOfferImminent()
	case header.GetChannel() == handoverv1.Channel_CHANNEL_PHONE:
		offer = line.GetOfferPhone()
	}
	set := t
	set.Consent, set.Offer, set.Join = or(line.GetConsent(), t.Consent), or(offer, t.Offer), or(line.GetJoin(), t.Join)
	set.Briefing, set.Bridge = or(line.GetBriefing(), t.Briefing), or(line.GetBridge(), t.Bridge)
	set.Confirm, set.Overlap = or(line.GetConfirm(), t.Confirm), or(line.GetOverlap(), t.Overlap)
	set.Outcome = or(line.GetOutcome(), t.Outcome)
	return set
}

// setSlow applies the line's single time to each step of a slow handover.
func (t Times) setSlow(step *durationpb.Duration) Times {
	if step == nil {
		return t
	}
	d := step.AsDuration()
	t.Consent, t.Offer, t.Join, t.Briefing = d, d, d, d
	t.Bridge, t.Confirm, t.Overlap = d, d, d
	return t
}

func or(set *durationpb.Duration, otherwise time.Duration) time.Duration {
	if set == nil {
		return otherwise
	}
	return set.AsDuration()
}

// Earlier returns the earlier of two deadlines, either of which may be absent.
func Earlier(a, b *timestamppb.Timestamp) *timestamppb.Timestamp {
	if a == nil || b != nil && b.AsTime().Before(a.AsTime()) {
		return b
	}
	return a
}
