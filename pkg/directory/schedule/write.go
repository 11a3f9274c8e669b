package schedule

import (
	"fmt"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// AsSchedule converts a window to the equivalent weekly recurrence.
func AsSchedule(w *handoverv1.Window) *handoverv1.Schedule {
	s := &handoverv1.Schedule{
		Freq:    handoverv1.Frequency_FREQUENCY_WEEKLY,
		OpensAt: Clock(w.GetOpensMinute()), ClosesAt: Clock(w.GetClosesMinute()),
	}
	for i, name := range []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"} {
		if weekdaysOf(w)>>i&1 == 1 {
			s.Byday = append(s.Byday, name)
		}
	}
	return s
}

// Clock formats a minute of the day as HH:MM: 24:00 at the end of the day, and the next day's
// time after that.
func Clock(minutes int32) string {
	if minutes > dayMins {
		minutes -= dayMins
	}
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}
