package ical

import "slices"

// Standing says whether an event counts, and why not.
type Standing string

// Only a firm event counts.
const (
	Firm        Standing = "FIRM"
	Cancelled   Standing = "CANCELLED"   // by STATUS, METHOD, or with all events of its UID
	Superseded  Standing = "SUPERSEDED"  // by a newer revision
	Tentative   Standing = "TENTATIVE"   // by STATUS
	Transparent Standing = "TRANSPARENT" // takes no time of whoever has it (TRANSP)
	Proposed    Standing = "PROPOSED"    // an answer or a request, by METHOD
)

// published are the methods by which the planner of an event says what holds.
var published = []string{"", "PUBLISH", "REQUEST", "ADD"}

// judge says of each event whether it counts.
func (r *reader) judge() {
	for _, e := range r.events {
		if known := []string{"", "CONFIRMED", "TENTATIVE", "CANCELLED", "CANCELED"}; !slices.Contains(known, e.code("STATUS")) {
			r.Refuse(e.Line, "%s: STATUS %.40q is not known; write CONFIRMED, TENTATIVE or CANCELLED", e, e.text("STATUS"))
		}
		e.Standing = e.alone()
	}
	r.judgeRevisions()
}

// alone is the standing of an event that has no other revision.
func (e *Event) alone() Standing {
	method, status := "", e.code("STATUS")
	if e.method.line > 0 {
		method = e.method.code()
	}
	switch {
	case method == "CANCEL":
		return Cancelled
	case !slices.Contains(published, method):
		return Proposed
	case status == "CANCELLED" || status == "CANCELED":
		return Cancelled
	case status == "TENTATIVE":
		return Tentative
	case e.code("TRANSP") == "TRANSPARENT":
		return Transparent
	}
	return Firm
}

func (e *Event) code(name string) string {
	if prop, ok := e.props[name]; ok {
		return prop.code()
	}
	return ""
}
