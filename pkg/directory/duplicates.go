package directory

import (
	"slices"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// compare refuses an exception that says something else about a day of one before it.
// Dates, recurrences and holidays may meet: the more exact goes before the other.
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

// twice is a day that both are about, in the same of the three ways.
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

// sameChannel says whether both are about a channel; without any, both are about all.
func sameChannel(a, b []handoverv1.Channel) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(c handoverv1.Channel) bool { return slices.Contains(b, c) })
}
