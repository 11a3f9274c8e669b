package linefile

import (
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/directory/schedule"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	wantExceptions = "- {dates: [2026-12-24]}"
	// maxDates is one year of days.
	maxDates = 366
)

var exceptionKeys = slices.Concat([]string{"dates", "holidays"}, recurrenceKeys, []string{"hours", "channels", "reason", "notes"})

// special is an exception that was read, with what later ones are compared against.
type special struct {
	*handoverv1.ScheduleException
	at   yamlread.Value
	days *schedule.Member
}

func readExceptions(list yamlread.Value) []*handoverv1.ScheduleException {
	members := list.List(wantExceptions)
	if len(members) > maxMembers {
		members[maxMembers].Refuse("this comes after %d others; write fewer exceptions, for example one with more dates", maxMembers)
		return nil
	}
	var before []special
	var exceptions []*handoverv1.ScheduleException
	for _, value := range members {
		e := readException(value)
		e.compare(before)
		before = append(before, e)
		exceptions = append(exceptions, e.ScheduleException)
	}
	return exceptions
}

func readException(value yamlread.Value) special {
	fields := value.Fields(exceptionKeys...)
	e := special{&handoverv1.ScheduleException{Notes: readText(fields, "notes", "Staff meeting.")}, value, nil}
	e.readDays(fields)
	if channels, ok := fields.Get("channels"); ok {
		for _, member := range channels.List("[chat]") {
			if name, ok := member.Text("chat"); ok {
				e.Channels = append(e.Channels, readChannel(member, name))
			}
		}
	}
	if hours, ok := fields.Get("hours"); ok {
		e.Hours = readSpecialHours(hours)
	}
	if reason, ok := fields.Get("reason"); ok {
		e.Reason = readCode(reason, "CLOSURE_REASON_", handoverv1.ClosureReason_value, handoverv1.ClosureReason_CLOSURE_REASON_SCHEDULED)
	}
	return e
}

// readDays reads which days the exception covers, in one of the three forms.
func (e *special) readDays(fields yamlread.Fields) {
	dates, onDates := fields.Get("dates")
	country, onHolidays := fields.Get("holidays")
	onRule := slices.ContainsFunc(recurrenceKeys, func(key string) bool { _, ok := fields.Get(key); return ok })
	e.Reason = handoverv1.ClosureReason_CLOSURE_REASON_SCHEDULED
	switch {
	case onDates && !onHolidays && !onRule:
		if e.Dates = readDates(dates); len(e.Dates) > maxDates {
			dates.Refuse("these are %d dates; write at most %d, or a recurrence", len(e.Dates), maxDates)
		}
	case onHolidays && !onDates && !onRule:
		e.Holidays, e.Reason = readHolidays(country), handoverv1.ClosureReason_CLOSURE_REASON_HOLIDAY
	case onRule && !onDates && !onHolidays:
		e.Recurrence = readRecurrence(fields)
		days, mistakes := schedule.CheckDays(e.Recurrence)
		refuse(e.at, fields, mistakes)
		e.days = days
	default:
		e.at.Refuse("an exception is about dates, about holidays or about a recurrence; write one of them, for example dates: [2026-12-24]")
	}
}

func readDates(list yamlread.Value) []string {
	return readList(list, "[2026-12-24]", func(value yamlread.Value) (string, bool) {
		return readDate(value)
	})
}

func readDate(value yamlread.Value) (string, bool) {
	text, ok := value.Text("2026-12-24")
	if !ok {
		return "", false
	}
	if _, err := schedule.ParseDate(text); err != nil {
		value.Refuse("%v", err)
		return "", false
	}
	return text, true
}

func readHolidays(value yamlread.Value) string {
	country, ok := value.Text(`"NO"`)
	if ok && !slices.Contains(schedule.Countries(), country) {
		value.Refuse("the holidays of %q are not known; write one of %s, or the dates", country, listed(schedule.Countries()))
	}
	return country
}

func readSpecialHours(list yamlread.Value) []*handoverv1.TimeOfDay {
	const want = `["10:00-12:00"]`
	var hours []*handoverv1.TimeOfDay
	for _, member := range list.List(want) {
		text, ok := member.Text(want)
		if !ok {
			continue
		}
		from, to, _ := strings.Cut(text, "-")
		opens, closes, err := schedule.ParseTimes(from, to)
		if err != nil {
			member.Refuse("%v", err)
			continue
		}
		if slices.ContainsFunc(hours, func(h *handoverv1.TimeOfDay) bool { return opens < h.ClosesMinute && h.OpensMinute < closes }) {
			member.Refuse("hours %q overlap some before them; make them one, or end one where the other begins", text)
		}
		hours = append(hours, &handoverv1.TimeOfDay{OpensMinute: opens, ClosesMinute: closes})
	}
	return hours
}
