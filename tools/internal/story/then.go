package story

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Then is what must be true of a conversation's history. What a story does not
// write is not looked at; its Place is empty.
type Then struct {
	Custody     Custody
	Handovers   Handovers
	Offers      Offers
	Wrote       Wrote
	InOrder     []Pattern
	Never       []Pattern
	Duty        []Duty
	Recommended Recommended
	Within      []Limit
}

// Custody expects these lines to have been responsible, one epoch each, and no
// others.
type Custody struct {
	Place string
	Lines []string
}

// Handovers expects these handovers and no others.
type Handovers struct {
	Place string
	Each  []Handover
}

// Handover is where one handover stands. What is not written is not looked at.
type Handover struct {
	Place   string
	State   handoverv1.HandoverState
	To      string
	Outcome handoverv1.Outcome
	Return  handoverv1.ReturnReason
	Cancel  handoverv1.CancelReason
	Attest  handoverv1.AttestReason
	// Stage is where the child left, where it did not come back.
	Stage handoverv1.HandoverState
	// Barred are lines that were not to be asked, with the rules that they failed.
	Barred []Barred
}

// Barred is a line that was ranked, and why it was not to be asked.
type Barred struct {
	Line   string
	Failed []handoverv1.Verdict
}

// Offers expects these offers in this order and no others.
type Offers struct {
	Place string
	Each  []Offer
}

// Offer is how one offer ended.
type Offer struct {
	Place string
	Line  string
	State handoverv1.OfferState
	Code  handoverv1.DeclineCode
}

// Wrote expects these people to have written between the opening of the bridge
// and the transfer of custody.
type Wrote struct {
	Place  string
	People []Person
}

// Duty is a line's newest decision about its duty to report.
type Duty struct {
	Place    string
	Line     string
	Decision handoverv1.DutyDecision
}

// Recommended is the newest recommendation.
type Recommended struct {
	Place string
	// Line that must come first.
	Line   string
	Reason handoverv1.RecommendReason
	// Topics that led to it, if written.
	Topics []string
	// Because of these the line comes first, if written.
	Because []handoverv1.Preference
}

// Limit is the most time that may lie between two events: the first of one kind,
// and the first of the other after it.
type Limit struct {
	Place    string
	From, To Pattern
	Time     time.Duration
}

// Pattern describes events, as OfferDeclined code=AGE does.
type Pattern struct {
	Place string
	// Text is the pattern as it is written.
	Text string
	// Event is the kind, such as OfferDeclined.
	Event string
	// Fields must have these values. A list must hold all of them.
	Fields []Field
}

// Field is what one field of an event must be.
type Field struct {
	Name   string
	Values []string
}
