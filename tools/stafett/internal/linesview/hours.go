package linesview

import (
	"fmt"
	"strings"

	"github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// hours are the rows of a line's weekly hours and its other recurrences.
func (v View) hours(line *handoverv1.Line) [][]string {
	var rows [][]string
	for _, hours := range line.GetHours() {
		channel := v.Lang.Code(hours.GetChannel())
		for _, window := range hours.GetWindows() {
			s := schedule.AsSchedule(window)
			rows = append(rows, []string{channel, v.days(s.GetByday()), s.GetOpensAt() + "-" + s.GetClosesAt()})
			channel = ""
		}
		for _, s := range hours.GetSchedules() {
			rows = append(rows, []string{channel, v.recurrence(s), strings.TrimSpace(s.GetOpensAt() + "-" + s.GetClosesAt() + " " + s.GetNotes())})
			channel = ""
		}
	}
	return rows
}

var week = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// days tells weekdays in their order, three and more in a row by the first and the last.
// A row may go over the end of the week.
func (v View) days(days []string) string {
	var on [7]bool
	for _, day := range days {
		for i, name := range week {
			on[i] = on[i] || day == name
		}
	}
	if on == [7]bool{true, true, true, true, true, true, true} {
		return v.Lang.Say("every_day")
	}
	var told []string
	for first := range week {
		if !on[first] || on[(first+6)%7] {
			continue
		}
		last := first
		for on[(last+1)%7] {
			last = (last + 1) % 7
		}
		told = append(told, v.row(first, last))
	}
	return strings.Join(told, ", ")
}

func (v View) row(first, last int) string {
	from, to := v.Lang.Weekday(week[first]), v.Lang.Weekday(week[last])
	switch (last - first + 7) % 7 {
	case 0:
		return from
	case 1:
		return from + ", " + to
	}
	return from + "-" + to
}

// recurrence is a schedule in RFC 5545 form, with the days on which it begins and ends.
func (v View) recurrence(s *handoverv1.Schedule) string {
	parts := []string{"FREQ=" + strings.TrimPrefix(s.GetFreq().String(), "FREQUENCY_")}
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	if s.GetInterval() > 1 {
		add("INTERVAL", fmt.Sprint(s.GetInterval()))
	}
	add("BYDAY", strings.Join(s.GetByday(), ","))
	add("BYMONTHDAY", joined(s.GetBymonthday()))
	add("BYYEARDAY", joined(s.GetByyearday()))
	if s.GetCount() > 0 {
		add("COUNT", fmt.Sprint(s.GetCount()))
	}
	add("UNTIL", s.GetUntil())
	add("WKST", s.GetWkst())
	add("DTSTART", s.GetDtstart())
	add("valid_from", s.GetValidFrom())
	add("valid_to", s.GetValidTo())
	add("timezone", s.GetTimezone())
	return strings.Join(parts, ";")
}

func joined(numbers []int32) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(numbers), "[]"), " ", ",")
}

// exceptions are the rows of the days that are different.
func (v View) exceptions(line *handoverv1.Line) [][]string {
	var rows [][]string
	for _, exception := range line.GetExceptions() {
		var hours []string
		for _, time := range exception.GetHours() {
			hours = append(hours, schedule.Clock(time.GetOpensMinute())+"-"+schedule.Clock(time.GetClosesMinute()))
		}
		if len(hours) == 0 {
			hours = []string{v.Lang.Say("closed_all_day")}
		}
		rows = append(rows, []string{
			v.channels(exception.GetChannels()), v.exceptional(exception), strings.Join(hours, ", "), v.because(exception),
		})
	}
	return rows
}

// exceptional are the days of an exception.
func (v View) exceptional(exception *handoverv1.ScheduleException) string {
	switch {
	case exception.GetHolidays() != "":
		return v.Lang.Say("holidays", exception.GetHolidays())
	case exception.GetRecurrence() != nil:
		return v.recurrence(exception.GetRecurrence())
	}
	return strings.Join(exception.GetDates(), ", ")
}

// because is why, where that was said.
func (v View) because(exception *handoverv1.ScheduleException) string {
	if exception.GetReason() == handoverv1.ClosureReason_CLOSURE_REASON_UNSPECIFIED {
		return exception.GetNotes()
	}
	return strings.TrimSpace(v.Lang.Code(exception.GetReason()) + " " + exception.GetNotes())
}
