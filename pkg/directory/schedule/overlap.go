package schedule

import handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"

// searched is how many years Overlap examines, from the first day on which both members
// apply.
const searched = 8

// Member is one window or schedule of a list, for comparison with the others.
type Member struct {
	window
	zone        string
	first, last date
}

// MemberOf returns a weekly window in the line's own zone.
func MemberOf(w *handoverv1.Window) *Member {
	return &Member{window{weekdaysOf(w), w.GetOpensMinute(), w.GetClosesMinute()}, "", firstDays[0], firstDays[len(firstDays)-1] - 1}
}

// Overlap returns the first day on which a window of m opens and overlaps one of other. It
// returns false if there is none in the years that it searches. Members in different zones
// are not compared.
func (m *Member) Overlap(other *Member) (string, bool) {
	if m.zone != other.zone {
		return "", false
	}
	first := max(m.first, other.first) - 1
	last := min(m.last, other.last)
	for d := first; d <= min(last, first+searched*366); d++ {
		if m.days.has(d) && meets(d, m.window, other.window) {
			return d.String(), true
		}
	}
	return "", false
}

// meets reports whether a window that opens on a day overlaps another that opens on the same
// day or an adjacent one.
func meets(d date, w, other window) bool {
	for shift := date(-1); shift <= 1; shift++ {
		opens, closes := other.opens+int32(shift)*dayMins, other.closes+int32(shift)*dayMins
		if w.opens < closes && opens < w.closes && other.days.has(d+shift) {
			return true
		}
	}
	return false
}
