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
			for _, regular := range regularHours(s) {
				regular.AttendingType = channel(hours.GetChannel())
				regular.Description = strings.TrimSpace(zone(line, s) + " " + regular.Description)
				add(regular)
			}
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

// regularHours converts a recurrence of hours.
func regularHours(s *handoverv1.Schedule) []schedule {
	days, exact := daysOf(s)
	for i := range days {
		days[i].Notes = s.GetNotes()
		if exact {
			days[i].setTimes(s.GetOpensAt(), s.GetClosesAt())
		} else {
			days[i].Description += ", " + s.GetOpensAt() + "-" + s.GetClosesAt() + "."
		}
	}
	return days
}

// daysOf converts a recurrence of days. It returns false if HSDS fields cannot express them:
// the single schedule then describes the days in text and must carry no times, which would
// apply to every day.
func daysOf(s *handoverv1.Schedule) (days []schedule, exact bool) {
	written, exact := asHSDS(s)
	if !exact {
		return []schedule{{ValidFrom: s.GetValidFrom(), ValidTo: s.GetValidTo(), Description: inWords(s)}}, false
	}
	for _, s := range written {
		days = append(days, schedule{
			ValidFrom: s.GetValidFrom(), ValidTo: s.GetValidTo(), Dtstart: s.GetDtstart(), Until: s.GetUntil(), Count: s.GetCount(),
			Wkst: s.GetWkst(), Freq: strings.TrimPrefix(s.GetFreq().String(), "FREQUENCY_"), Interval: max(s.GetInterval(), 1),
			Byday: strings.Join(s.GetByday(), ","), Bymonthday: joined(s.GetBymonthday()),
		})
	}
	return days, true
}

// setTimes sets the times of day. HSDS has no 24:00 and leaves open what closing before
// opening means; the description says it.
func (s *schedule) setTimes(opens, closes string) {
	s.OpensAt, s.ClosesAt = opens, closes
	says := ""
	switch {
	case closes == "24:00":
		s.ClosesAt, says = "23:59", tillMidnight
	case closes <= opens:
		says = untilMorning
	}
	s.Description = strings.TrimSpace(s.Description + " " + says)
}

func joined(numbers []int32) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(numbers), "[]"), " ", ",")
}

// special converts an exception: each of its days with each of its times, or with none.
func special(line *handoverv1.Line, e *handoverv1.ScheduleException) []schedule {
	days, exact := exceptionDays(e)
	var all []schedule
	for _, day := range days {
		day.Description = strings.TrimSpace(zone(line, nil) + " " + instead(e, day.Description, exact))
		day.Notes = e.GetNotes()
		for _, c := range e.GetChannels() {
			day.AttendingType = strings.TrimPrefix(day.AttendingType+", "+channel(c), ", ")
		}
		if len(e.GetHours()) == 0 || !exact {
			all = append(all, day)
			continue
		}
		for _, hours := range e.GetHours() {
			open := day
			open.setTimes(times.Clock(hours.GetOpensMinute()), times.Clock(hours.GetClosesMinute()))
			all = append(all, open)
		}
	}
	return all
}

// exceptionDays returns the days of an exception; false as in daysOf.
func exceptionDays(e *handoverv1.ScheduleException) (days []schedule, exact bool) {
	if e.GetRecurrence() != nil {
		return daysOf(e.GetRecurrence())
	}
	if e.GetHolidays() != "" {
		return []schedule{{Description: "on public holidays of " + e.GetHolidays()}}, false
	}
	for _, date := range e.GetDates() {
		days = append(days, schedule{ValidFrom: date, ValidTo: date})
	}
	return days, true
}

// instead describes what no field can: that the schedule replaces the regular hours and, if
// the fields cannot express them, on which days.
func instead(e *handoverv1.ScheduleException, days string, exact bool) string {
	text := insteadOf
	if days != "" {
		text += ", " + days
	}
	if len(e.GetHours()) == 0 {
		text += ": closed"
	}
	if !exact {
		for _, hours := range e.GetHours() {
			text += ": " + times.Clock(hours.GetOpensMinute()) + "-" + times.Clock(hours.GetClosesMinute())
		}
	}
	return text + " (" + strings.TrimPrefix(e.GetReason().String(), "CLOSURE_REASON_") + ")."
}
