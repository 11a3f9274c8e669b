package schedule

import (
	"slices"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// exception replaces all windows that open on its days.
type exception struct {
	days    days
	windows []window // their days are ignored
	reason  handoverv1.ClosureReason
	rank    int // dates win over recurrences, and recurrences over holidays
}

// exceptionsOf returns the exceptions of a channel, highest precedence first.
func exceptionsOf(channel handoverv1.Channel, all []*handoverv1.ScheduleException) []exception {
	var list []exception
	for _, e := range all {
		if len(e.GetChannels()) > 0 && !slices.Contains(e.GetChannels(), channel) {
			continue
		}
		set, rank := exceptionDays(e)
		list = append(list, exception{set, hoursOf(e), e.GetReason(), rank})
	}
	slices.SortStableFunc(list, func(a, b exception) int { return a.rank - b.rank })
	return list
}

// exceptionDays returns the days and their rank. An exception that cannot be parsed covers
// every day and so closes the line: nobody knows which day was meant.
func exceptionDays(e *handoverv1.ScheduleException) (days, int) {
	if len(e.GetDates()) > 0 {
		var set dates
		for _, text := range e.GetDates() {
			day, err := ParseDate(text)
			if err != nil {
				return everyDay, 0
			}
			set = append(set, date(day))
		}
		slices.Sort(set)
		return set, 0
	}
	if e.GetRecurrence() != nil {
		if set, err := recurrenceOf(e.GetRecurrence()); err == nil {
			return set, 1
		}
		return everyDay, 0
	}
	if public := calendars[e.GetHolidays()]; public != nil {
		return public, 2
	}
	return everyDay, 0
}

const everyDay weekdays = 1<<7 - 1

func hoursOf(e *handoverv1.ScheduleException) []window {
	var windows []window
	for _, hours := range e.GetHours() {
		if w := (window{nil, hours.GetOpensMinute(), hours.GetClosesMinute()}); w.sound() {
			windows = append(windows, w)
		}
	}
	return windows
}
