package hsds

import (
	"fmt"
	"strings"

	times "github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func schedules(line *handoverv1.Line) []schedule {
	var all []schedule
	add := func(s schedule) {
		s.ID = id(line.GetName(), "schedule", len(all))
		all = append(all, s)
	}
	for _, hours := range line.GetHours() {
		var written []*handoverv1.Schedule
		for _, window := range hours.GetWindows() {
			written = append(written, times.AsSchedule(window))
		}
		for _, s := range append(written, hours.GetSchedules()...) {
			regular := scheduleOf(s)
			regular.AttendingType, regular.Description = channel(hours.GetChannel()), zone(line, s)
			add(regular)
		}
	}
	for _, exception := range line.GetExceptions() {
		for _, s := range special(line, exception) {
			add(s)
		}
	}
	return all
}

func channel(c handoverv1.Channel) string {
	return strings.ToLower(strings.TrimPrefix(c.String(), "CHANNEL_"))
}

func zone(line *handoverv1.Line, s *handoverv1.Schedule) string {
	if s.GetTimezone() != "" {
		return "Local time in " + s.GetTimezone() + "."
	}
	return "Local time in " + line.GetTimeZone() + "."
}

func scheduleOf(s *handoverv1.Schedule) schedule {
	return schedule{
		ValidFrom: s.GetValidFrom(), ValidTo: s.GetValidTo(), Dtstart: s.GetDtstart(), Until: s.GetUntil(), Count: s.GetCount(),
		Wkst: s.GetWkst(), Freq: strings.TrimPrefix(s.GetFreq().String(), "FREQUENCY_"), Interval: max(s.GetInterval(), 1),
		Byday: strings.Join(s.GetByday(), ","), Bymonthday: joined(s.GetBymonthday()), Byyearday: joined(s.GetByyearday()),
		OpensAt: s.GetOpensAt(), ClosesAt: s.GetClosesAt(), Notes: s.GetNotes(),
	}
}

func joined(numbers []int32) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(numbers), "[]"), " ", ",")
}

// special writes an exception: each of its days with each of its times, or none.
func special(line *handoverv1.Line, e *handoverv1.ScheduleException) []schedule {
	days := exceptionDays(e)
	var all []schedule
	for _, day := range days {
		day.Description, day.Notes = zone(line, nil)+" "+instead(e), e.GetNotes()
		for _, c := range e.GetChannels() {
			day.AttendingType = strings.TrimPrefix(day.AttendingType+", "+channel(c), ", ")
		}
		if len(e.GetHours()) == 0 || e.GetHolidays() != "" {
			all = append(all, day)
			continue
		}
		for _, hours := range e.GetHours() {
			day.OpensAt, day.ClosesAt = times.Clock(hours.GetOpensMinute()), times.Clock(hours.GetClosesMinute())
			all = append(all, day)
		}
	}
	return all
}

func exceptionDays(e *handoverv1.ScheduleException) (days []schedule) {
	if e.GetRecurrence() != nil {
		return []schedule{scheduleOf(e.GetRecurrence())}
	}
	if e.GetHolidays() != "" {
		return []schedule{{}}
	}
	for _, date := range e.GetDates() {
		days = append(days, schedule{ValidFrom: date, ValidTo: date})
	}
	return days
}

// instead says what no field does: that this is in the place of the regular hours.
func instead(e *handoverv1.ScheduleException) string {
	text := "Instead of the regular hours"
	if e.GetHolidays() != "" {
		text += ", on public holidays of " + e.GetHolidays()
	}
	if len(e.GetHours()) == 0 {
		text += ": closed"
	}
	if e.GetHolidays() != "" { // no field says on which days, so times in one would be for always
		for _, hours := range e.GetHours() {
			text += ": " + times.Clock(hours.GetOpensMinute()) + "-" + times.Clock(hours.GetClosesMinute())
		}
	}
	return text + " (" + strings.TrimPrefix(e.GetReason().String(), "CLOSURE_REASON_") + ")."
}
