package ical

import "slices"

// Standing tells whether an event counts and, if not, why.
type Standing string

// The possible values of Standing. Only a Firm event counts.
const (
	Firm        Standing = "FIRM"
	Cancelled   Standing = "CANCELLED"   // by STATUS, METHOD, or with all events of its UID
	Superseded  Standing = "SUPERSEDED"  // by a newer revision
	Tentative   Standing = "TENTATIVE"   // by STATUS
	Transparent Standing = "TRANSPARENT" // does not occupy anybody's time (TRANSP)
	Proposed    Standing = "PROPOSED"    // an answer or a request, by METHOD
)

// published are the METHOD values with which an organizer announces events.
var published = []string{"", "PUBLISH", "REQUEST", "ADD"}

// judge determines whether each event counts.
func (r *reader) judge() {
	for _, e := range r.events {
		if known := []string{"", "CONFIRMED", "TENTATIVE", "CANCELLED", "CANCELED"}; !slices.Contains(known, e.code("STATUS")) {
			r.Refuse(e.Line, "%s: STATUS %.40q is not known; write CONFIRMED, TENTATIVE or CANCELLED", e, e.text("STATUS"))
		}
		e.Standing = e.alone()
	}
	r.judgeRevisions()
}

// alone returns the standing of an event without other revisions.
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
