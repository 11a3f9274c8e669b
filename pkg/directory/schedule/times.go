package schedule

import (
	"fmt"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// window is a time of day on some days. It closes on the next day if closes exceeds a day's
// minutes.
type window struct {
	days          days
	opens, closes int32
}

func (w window) sound() bool {
	return 0 <= w.opens && w.opens < dayMins && w.opens < w.closes && w.closes <= w.opens+dayMins
}

// ParseTimes reads two HH:MM times as minutes after midnight. A closing time that is not
// after the opening time belongs to the next day.
func ParseTimes(from, to string) (opens, closes int32, err error) {
	opens, closes = parseClock(from), parseClock(to)
	switch {
	case opens < 0 || opens == dayMins || closes < 0:
		return 0, 0, fmt.Errorf("times \"%s-%s\" are not two times of day; write for example 15:00-21:00, where only the end may be 24:00", from, to)
	case opens == closes:
		return 0, 0, fmt.Errorf("times \"%s-%s\" open and close at the same time; write 00:00-24:00 for the whole day", from, to)
	case closes < opens:
		closes += dayMins
	}
	return opens, closes, nil
}

// parseClock returns the minutes after midnight, or a negative number if the text is not a
// time of day.
func parseClock(text string) int32 {
	if text == "24:00" {
		return dayMins
	}
	clock, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return -1
	}
	return int32(clock.Hour()*60 + clock.Minute())
}

// windowOf parses a schedule.
func windowOf(s *handoverv1.Schedule) (window, error) {
	set, err := recurrenceOf(s)
	if err != nil {
		return window{}, err
	}
	opens, closes, err := ParseTimes(s.GetOpensAt(), s.GetClosesAt())
	return window{set, opens, closes}, err
}
