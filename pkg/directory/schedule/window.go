package schedule

import (
	"fmt"
	"slices"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// dayNames are indexed by ISO 8601 number minus one.
var dayNames = []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// ParseWindow reads "Sun-Thu 15:00-21:00", "Mon,Wed 10:00-12:00" or "every day 00:00-24:00".
func ParseWindow(text string) (*handoverv1.Window, error) {
	space := strings.LastIndex(text, " ")
	if space < 0 {
		return nil, fmt.Errorf("window %q is not days and times; write for example Sun-Thu 15:00-21:00", text)
	}
	days, err := parseDays(text[:space])
	if err != nil {
		return nil, err
	}
	from, to, _ := strings.Cut(text[space+1:], "-")
	opens, closes, err := ParseTimes(from, to)
	if err != nil {
		return nil, err
	}
	return &handoverv1.Window{Weekdays: days, OpensMinute: opens, ClosesMinute: closes}, nil
}

func parseDays(text string) ([]int32, error) {
	if text == "every day" {
		text = "Mon-Sun"
	}
	var days []int32
	for part := range strings.SplitSeq(text, ",") {
		from, to, ranged := strings.Cut(strings.TrimSpace(part), "-")
		if !ranged {
			to = from
		}
		first, last := slices.Index(dayNames, from), slices.Index(dayNames, to)
		if first < 0 || last < 0 {
			return nil, fmt.Errorf("days %q are not English weekdays; write for example Sun-Thu, or Mon,Wed, or every day", text)
		}
		days = append(days, dayRange(first, last)...)
	}
	slices.Sort(days)
	return days, nil
}

// dayRange wraps around the end of the week: Sun-Thu is five days.
func dayRange(first, last int) []int32 {
	var days []int32
	for day := first; ; day = (day + 1) % len(dayNames) {
		days = append(days, int32(day+1))
		if day == last {
			return days
		}
	}
}
