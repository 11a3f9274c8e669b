package linefile

import (
	"slices"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// compare refuses an exception that covers the same day as an earlier one of the same kind.
// Different kinds (dates, recurrences, holidays) may overlap: the more specific one wins.
func (e special) compare(before []special) {
	for _, other := range before {
		if !sameChannel(e.Channels, other.Channels) {
			continue
		}
		if day, twice := e.twice(other); twice {
			e.at.Refuse("%s has an exception already at %s; keep one of them", day, other.at.Place())
		}
	}
}

// twice returns a day that both exceptions cover in the same way.
func (e special) twice(other special) (string, bool) {
	for _, day := range e.Dates {
		if slices.Contains(other.Dates, day) {
			return day, true
		}
	}
	if e.Holidays != "" && other.Holidays != "" {
		return "a public holiday", true
	}
	if e.days != nil && other.days != nil {
		return e.days.Overlap(other.days)
	}
	return "", false
}

// sameChannel reports whether both affect a common channel. Without channels they affect all.
func sameChannel(a, b []handoverv1.Channel) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(c handoverv1.Channel) bool { return slices.Contains(b, c) })
}
