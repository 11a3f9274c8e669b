package schedule

import (
	"slices"

	"github.com/teambition/rrule-go"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// maxInterval and maxCount limit the numbers of a recurrence.
const (
	maxInterval = 366
	maxCount    = 1000
)

func checkNumbers(r *rule, s *handoverv1.Schedule) error {
	monthly, yearly := r.option.Freq == rrule.MONTHLY, r.option.Freq == rrule.YEARLY
	_, known := frequencies[s.GetFreq()]
	switch {
	case !known:
		return wrong("", "freq is missing; write DAILY, WEEKLY, MONTHLY or YEARLY")
	case s.GetInterval() < 0 || s.GetInterval() > maxInterval:
		return wrong("interval", "interval %d is out of range; write 1 to %d", s.GetInterval(), maxInterval)
	case s.GetCount() < 0 || s.GetCount() > maxCount:
		return wrong("count", "count %d is out of range; write 1 to %d, or until with a date", s.GetCount(), maxCount)
	case s.GetCount() > 0 && s.GetUntil() != "":
		return wrong("until", "count and until both end the recurrence; keep one of them")
	case !within(r.option.Bymonthday, 31):
		return wrong("bymonthday", "bymonthday must be 1 to 31, or -1 to -31 from the end of the month")
	case !within(r.option.Byyearday, 366):
		return wrong("byyearday", "byyearday must be 1 to 366, or -1 to -366 from the end of the year")
	case len(r.option.Byyearday) > 0 && !yearly:
		return wrong("byyearday", "byyearday needs freq: YEARLY; write that, or bymonthday")
	case len(r.option.Bymonthday) > 0 && !monthly && !yearly:
		return wrong("bymonthday", "bymonthday needs freq: MONTHLY or YEARLY; write one of them, or byday")
	case numbered(r) && !monthly && !yearly:
		return wrong("byday", "a number before a weekday needs freq: MONTHLY or YEARLY; write one of them, or the weekday alone")
	case numbered(r) && len(ordinals(r)) < len(r.option.Byweekday):
		return wrong("byday", "byday has weekdays with a number and without; write one kind, and the other in a schedule of its own")
	case monthly && !within(ordinals(r), 5) || yearly && !within(ordinals(r), 53):
		return wrong("byday", "a month has at most 5 of a weekday and a year 53; write a smaller number before it")
	}
	return nil
}

func within(numbers []int, most int) bool {
	return !slices.ContainsFunc(numbers, func(n int) bool { return n == 0 || n > most || n < -most })
}

func ordinals(r *rule) (numbers []int) {
	for _, weekday := range r.option.Byweekday {
		if n := weekday.N(); n != 0 {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

func numbered(r *rule) bool { return len(ordinals(r)) > 0 }

// checkFires refuses a rule that might never occur, because the library would search until
// the year 9999. Any other rule occurs at least every 40 years.
func checkFires(r *rule) error {
	o := r.option
	filters := 0
	for _, filtered := range []bool{len(o.Byweekday) > 0, len(o.Bymonthday) > 0, len(o.Byyearday) > 0} {
		if filtered {
			filters++
		}
	}
	switch {
	case filters > 1 && (numbered(r) || len(o.Bymonthday) > 0 && len(o.Byyearday) > 0):
		return wrong("", "these days may never coincide; keep one of byday, bymonthday and byyearday")
	case o.Interval == 1:
		return nil
	case filters > 1 || filters > 0 && o.Freq == rrule.DAILY:
		return wrong("", "with an interval these days may never occur; keep interval or leave out days")
	case !within(o.Bymonthday, 28) || o.Freq == rrule.MONTHLY && !within(ordinals(r), 4) || !within(ordinals(r), 52) || !within(o.Byyearday, 365):
		return wrong("", "with an interval this day may never occur; write one that every period has, for example -1 for the last")
	}
	return nil
}

// checkStart requires a start date if the days depend on it.
func checkStart(r *rule, s *handoverv1.Schedule) error {
	o := r.option
	bare := len(o.Byweekday) == 0 && len(o.Bymonthday) == 0 && len(o.Byyearday) == 0
	switch {
	case (o.Interval > 1 || o.Count > 0 || bare && o.Freq != rrule.DAILY) && s.GetDtstart() == "" && s.GetValidFrom() == "":
		return wrong("", "dtstart is missing, and the days depend on it; write the first day, for example dtstart: 2026-01-05")
	case bare && o.Interval > 1 && o.Freq != rrule.WEEKLY && o.Freq != rrule.DAILY && o.Dtstart.Day() > 28:
		return wrong("", "with an interval this dtstart may never occur again; write a day from 1 to 28")
	}
	return nil
}
