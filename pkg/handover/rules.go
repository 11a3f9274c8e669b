package handover

import "time"

// Rules are the times that the protocol allows, as its defaults have them.
type Rules struct {
	// Consent is how long the child has to answer.
	Consent time.Duration
	// Routing is how long the platform has to rank the lines.
	Routing time.Duration
	// Offer is how long a desk has to answer, in a chat.
	Offer time.Duration
	// OfferPhone is the same for a phone call.
	OfferPhone time.Duration
	// OfferImminent is the same at imminent risk.
	OfferImminent time.Duration
	// ParallelImminent is how many lines are asked at once at imminent risk.
	ParallelImminent int
	// Join is how long the receiver's counsellor has to come.
	Join time.Duration
	// Briefing is how long until the briefing or the bridge begins, and how long
	// the counsellors may talk privately.
	Briefing time.Duration
	// Bridge is how long until the receiver says "I have it".
	Bridge time.Duration
	// Confirm is how long until the child agrees or the sender attests.
	Confirm time.Duration
	// Overlap is how long the sender stays at the most once custody has moved.
	Overlap time.Duration
	// Outcome is how long the receiver has to report back; twice that, supervisors
	// are told, and after three times it is missing.
	Outcome time.Duration
	// Budget is the time from consent until a line must have accepted.
	Budget time.Duration
	// BudgetImminent is the same at imminent risk.
	BudgetImminent time.Duration
	// Hops is how many transfers a conversation may have.
	Hops uint32
}

// DefaultRules are the protocol's.
func DefaultRules() Rules {
	return Rules{
		Consent:          5 * time.Minute,
		Routing:          2 * time.Second,
		Offer:            45 * time.Second,
		OfferPhone:       20 * time.Second,
		OfferImminent:    15 * time.Second,
		ParallelImminent: 2,
		Join:             30 * time.Second,
		Briefing:         120 * time.Second,
		Bridge:           120 * time.Second,
		Confirm:          90 * time.Second,
		Overlap:          60 * time.Second,
		Outcome:          24 * time.Hour,
		Budget:           180 * time.Second,
		BudgetImminent:   60 * time.Second,
		Hops:             2,
	}
}
