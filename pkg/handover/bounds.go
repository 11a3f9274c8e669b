package handover

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Bound is the range within which a line may set one of its own times.
type Bound struct {
	// Field is the name of the time in LineDeadlines.
	Field string
	// Min and Max are inclusive.
	Min, Max time.Duration
	value    func(*handoverv1.LineDeadlines) *durationpb.Duration
}

// Bounds lists the ranges of all times that a line may set. The minimum is the time a
// person needs to react; the maximum is how long a child can be asked to wait.
func Bounds() []Bound {
	type line = handoverv1.LineDeadlines
	return []Bound{
		{"consent", time.Minute, 30 * time.Minute, (*line).GetConsent},
		{"offer", 10 * time.Second, 2 * time.Minute, (*line).GetOffer},
		{"offer_phone", 10 * time.Second, time.Minute, (*line).GetOfferPhone},
		{"offer_imminent", 5 * time.Second, 30 * time.Second, (*line).GetOfferImminent},
		{"join", 10 * time.Second, 2 * time.Minute, (*line).GetJoin},
		{"briefing", 30 * time.Second, 10 * time.Minute, (*line).GetBriefing},
		{"bridge", 30 * time.Second, 10 * time.Minute, (*line).GetBridge},
		{"confirm", 30 * time.Second, 10 * time.Minute, (*line).GetConfirm},
		{"overlap", 10 * time.Second, 10 * time.Minute, (*line).GetOverlap},
		{"outcome", time.Hour, 72 * time.Hour, (*line).GetOutcome},
		{"waiting", 10 * time.Second, 10 * time.Minute, (*line).GetWaiting},
		{"slow", 10 * time.Minute, 72 * time.Hour, (*line).GetSlow},
	}
}

// CheckDeadlines refuses times that a line may not set for itself.
func CheckDeadlines(d *handoverv1.LineDeadlines) error {
	for _, b := range Bounds() {
		if err := b.Check(b.value(d)); err != nil {
			return err
		}
	}
	return nil
}

// Check refuses a time outside the bound. An absent time is always allowed.
func (b Bound) Check(set *durationpb.Duration) error {
	if set == nil || set.AsDuration() >= b.Min && set.AsDuration() <= b.Max {
		return nil
	}
	return refusal.Field("deadlines."+b.Field, fmt.Sprintf("%s is not allowed; set %s to %s, or leave it out", set.AsDuration(), b.Min, b.Max))
}
