package story

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Then holds the expectations on a conversation's history. Expectations that the story
// does not state have an empty Place and are not checked.
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

// Custody expects exactly these lines to have been responsible, one epoch each.
type Custody struct {
	Place string
	Lines []string
}

// Handovers expects exactly these handovers.
type Handovers struct {
	Place string
	Each  []Handover
}

// Handover is the expected state of one handover. Unset fields are not checked.
type Handover struct {
	Place   string
	State   handoverv1.HandoverState
	To      string
	Outcome handoverv1.Outcome
	Return  handoverv1.ReturnReason
	Cancel  handoverv1.CancelReason
	Attest  handoverv1.AttestReason
	// Stage is the stage at which the child left without coming back.
	Stage handoverv1.HandoverState
	// Barred are lines that must not have been offered the handover, with the rules that they
	// failed.
	Barred []Barred
}

// Barred is a ranked line that was ineligible, and why.
type Barred struct {
	Line   string
	Failed []handoverv1.Verdict
}

// Offers expects exactly these offers, in this order.
type Offers struct {
	Place string
	Each  []Offer
}

type Offer struct {
	Place string
	Line  string
	State handoverv1.OfferState
	Code  handoverv1.DeclineCode
}

// Wrote expects these people to have written between the opening of the bridge and the
// transfer of custody.
type Wrote struct {
	Place  string
	People []Person
}

// Duty expects a line's newest decision about its duty to report.
type Duty struct {
	Place    string
	Line     string
	Decision handoverv1.DutyDecision
}

// Recommended expects the newest recommendation.
type Recommended struct {
	Place string
	// Line that must be ranked first.
	Line   string
	Reason handoverv1.RecommendReason
	// Topics that led to it; empty means not checked.
	Topics []string
	// Because are the preferences that put the line first; empty means not checked.
	Because []handoverv1.Preference
}

// Limit is the maximum time between two events: the first of one kind, and the first of
// the other after it.
type Limit struct {
	Place    string
	From, To Pattern
	Time     time.Duration
}

// Pattern describes events, for example OfferDeclined code=AGE.
type Pattern struct {
	Place string
	// Text is the pattern's source.
	Text string
	// Event is the kind, such as OfferDeclined.
	Event string
	// Fields must have these values. A list must contain all of them.
	Fields []Field
}

// Field is the required value of one field of an event.
type Field struct {
	Name   string
	Values []string
}
