package handover

import (
	"time"
)

// Rules are the times and limits that the protocol allows.
type Rules struct {
	// Live holds the times of chats and phone calls.
	Live Times
	// Slow holds the times of SMS and e-mail, where answers take hours.
	Slow Times
	// OfferPhone is how long a desk has to answer an offer of a phone call.
	OfferPhone time.Duration
	// OfferImminent is how long a desk has to answer an offer at imminent risk.
	OfferImminent time.Duration
	// BudgetImminent is the time from consent to confirmation at imminent risk.
	BudgetImminent time.Duration
	// GivenBack is the least time to ask other lines after a receiver gave the child back.
	GivenBack time.Duration
	// GivenBackImminent is the same at imminent risk.
	GivenBackImminent time.Duration
	// AskedAgain is how long an emergency line is not asked again at imminent risk.
	AskedAgain time.Duration
	// Routing is how long the platform has to rank the lines.
	Routing time.Duration
	// Delivery is how long the desk's machine has to acknowledge an offer.
	Delivery time.Duration
	// Alert is the interval between alerts to a desk, or to a line that left a child
	// alone.
	Alert time.Duration
	// Alerts is the maximum number of alerts to a desk, or to such a line.
	Alerts uint32
	// Waiting is how long a child waits for its first counsellor before its line is alerted,
	// and before it is alerted again. The third alert is to supervisors.
	Waiting time.Duration
	// WaitingSlow is the same on slow channels.
	WaitingSlow time.Duration
	// Draft is how long a sender may leave a draft untouched on live channels.
	Draft time.Duration
	// DoorDraft is how long a line's system may leave the draft for a child at a closed door.
	DoorDraft time.Duration
	// Supervisor is how long until a line's supervisors are alerted again about a child
	// who is alone or not reached by the emergency service.
	Supervisor time.Duration
	// Review is how long until supervisors review an emergency again.
	Review time.Duration
	// DeferralDecision is how long the sender has to decide once the promised time has
	// come.
	DeferralDecision time.Duration
	// Away is how long a child may be away before the handover is abandoned.
	Away time.Duration
	// Lost is how long nobody of one line has been there before the other may go on without it:
	// the receiver opens the bridge, or the sender takes custody back.
	Lost time.Duration
	// Leg is how long a counsellor has to answer the child's new leg.
	Leg time.Duration
	// Hops is the number of transfers that a conversation may have without a
	// supervisor.
	Hops uint32
	// Handovers is the maximum number of handovers in a conversation.
	Handovers int
	// WrongTickets is the number of wrong tickets that a line may try within
	// WrongTicketsIn.
	WrongTickets int
	// WrongTicketsIn is how long a wrong ticket counts.
	WrongTicketsIn time.Duration
	// Seats is how long a desk's report of free seats is valid.
	Seats time.Duration
	// Consultation is how long a consultation lasts, at most.
	Consultation time.Duration
	// Lease is how long a seat stays reserved for an offer that is not sent.
	Lease time.Duration
}

// Times are the maximum durations of the steps of a handover.
type Times struct {
	// Consent is how long the child has to answer. A reminder comes after half of it.
	Consent time.Duration
	// Offer is how long a desk has to answer.
	Offer time.Duration
	// Join is how long the receiver's counsellor has to join.
	Join time.Duration
	// Briefing is how long the sender has to start the briefing or open the bridge, and
	// how long the counsellors may then talk privately.
	Briefing time.Duration
	// Bridge is how long the receiver has to say "I have it".
	Bridge time.Duration
	// Confirm is how long the child has to agree, or the sender to attest.
	Confirm time.Duration
	// Overlap is how long the sender stays after custody has moved, at most.
	Overlap time.Duration
	// Outcome is how long the receiver has to report back. After twice that time
	// supervisors are alerted; after three times the outcome is missing.
	Outcome time.Duration
	// Budget is the time from consent to confirmation.
	Budget time.Duration
	// Decision is how long the sender has to decide. Then a supervisor is alerted.
	Decision time.Duration
	// CancelConfirm is how long a line has to confirm a cancellation.
	CancelConfirm time.Duration
}

// DefaultRules returns the rules of the protocol.
func DefaultRules() Rules {
	const day = 24 * time.Hour
	return Rules{
		Live: Times{
			Consent: 5 * time.Minute, Offer: 45 * time.Second, Join: 30 * time.Second,
			Briefing: 120 * time.Second, Bridge: 120 * time.Second, Confirm: 90 * time.Second,
			Overlap: 60 * time.Second, Outcome: day, Budget: 180 * time.Second,
			Decision: 30 * time.Second, CancelConfirm: 30 * time.Second,
		},
		Slow: Times{
			Consent: 2 * day, Offer: 4 * time.Hour, Join: 4 * time.Hour,
			Briefing: 4 * time.Hour, Bridge: day, Confirm: 2 * day,
			Overlap: day, Outcome: 7 * day, Budget: 3 * day,
			Decision: 12 * time.Hour, CancelConfirm: 12 * time.Hour,
		},
		OfferPhone:     20 * time.Second,
		OfferImminent:  15 * time.Second,
		BudgetImminent: 60 * time.Second,
		GivenBack:      time.Minute, GivenBackImminent: 30 * time.Second,
		AskedAgain:       time.Minute,
		Routing:          2 * time.Second,
		Delivery:         5 * time.Second,
		Alert:            15 * time.Second,
		Alerts:           3,
		Waiting:          time.Minute,
		WaitingSlow:      time.Hour,
		Draft:            10 * time.Minute,
		DoorDraft:        30 * time.Second,
		Supervisor:       5 * time.Minute,
		Review:           30 * time.Minute,
		DeferralDecision: 15 * time.Minute,
		Away:             15 * time.Minute,
		Lost:             30 * time.Second,
		Leg:              30 * time.Second,
		Hops:             2,
		Handovers:        100,
		WrongTickets:     10,
		WrongTicketsIn:   10 * time.Minute,
		Seats:            2 * time.Minute,
		Lease:            10 * time.Second,
		Consultation:     10 * time.Minute,
	}
}
