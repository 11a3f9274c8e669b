package schedule

import handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"

// searched is how many years are looked at for two that meet, from the day on which
// both count.
const searched = 8

// Member is one window or schedule of a list, to compare it with the others.
type Member struct {
	window
	zone        string
	first, last date
}

// MemberOf is a weekly window of the line's own zone.
func MemberOf(w *handoverv1.Window) *Member {
	return &Member{window{weekdaysOf(w), w.GetOpensMinute(), w.GetClosesMinute()}, "", firstDays[0], firstDays[len(firstDays)-1] - 1}
}

// Overlap is the first day on which a member opens and overlaps another. False where
// there is none in the years that are searched. Zones that differ are not compared.
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

// meets says whether a window that opens on a day overlaps another that opens then, or
// on the day before or after.
func meets(d date, w, other window) bool {
	for shift := date(-1); shift <= 1; shift++ {
		opens, closes := other.opens+int32(shift)*dayMins, other.closes+int32(shift)*dayMins
		if w.opens < closes && opens < w.closes && other.days.has(d+shift) {
			return true
		}
	}
	return false
}
