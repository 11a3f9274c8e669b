package schedule

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/teambition/rrule-go"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// epoch is the default start of recurrences: the first Monday of the calendar.
const epoch = "2000-01-03"

var (
	frequencies = map[handoverv1.Frequency]rrule.Frequency{
		handoverv1.Frequency_FREQUENCY_DAILY:   rrule.DAILY,
		handoverv1.Frequency_FREQUENCY_WEEKLY:  rrule.WEEKLY,
		handoverv1.Frequency_FREQUENCY_MONTHLY: rrule.MONTHLY,
		handoverv1.Frequency_FREQUENCY_YEARLY:  rrule.YEARLY,
	}
	weekdayNamed = map[string]rrule.Weekday{
		"MO": rrule.MO, "TU": rrule.TU, "WE": rrule.WE, "TH": rrule.TH, "FR": rrule.FR, "SA": rrule.SA, "SU": rrule.SU,
	}
	bydayPattern = regexp.MustCompile(`^([+-]?[1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)$`)
)

// rule is a recurrence in the library's form, and the days between which it applies.
type rule struct {
	option   rrule.ROption
	from, to date
}

// ruleOf parses a recurrence. The error joins one [Mistake] per problem.
func ruleOf(s *handoverv1.Schedule) (rule, error) {
	r := rule{option: rrule.ROption{
		Freq: frequencies[s.GetFreq()], Interval: int(max(s.GetInterval(), 1)), Count: int(s.GetCount()), Wkst: weekdayNamed["MO"],
		Bymonthday: ints(s.GetBymonthday()), Byyearday: ints(s.GetByyearday()),
	}}
	if err := errors.Join(readDays(&r, s), readByday(&r, s), checkNumbers(&r, s)); err != nil {
		return rule{}, err
	}
	if err := errors.Join(checkFires(&r), checkStart(&r, s)); err != nil {
		return rule{}, err
	}
	return r, nil
}

func ints(numbers []int32) []int {
	var all []int
	for _, number := range numbers {
		all = append(all, int(number))
	}
	return all
}

// readDays reads the five dates and requires them to be in order.
func readDays(r *rule, s *handoverv1.Schedule) error {
	first, last := epoch, fmt.Sprintf("%d-12-31", lastYear)
	var start, until date
	var mistakes []error
	for _, read := range []struct {
		field, text, absent string
		into                *date
	}{
		{"valid_from", s.GetValidFrom(), first, &r.from},
		{"valid_to", s.GetValidTo(), last, &r.to},
		{"dtstart", s.GetDtstart(), orElse(s.GetValidFrom(), first), &start},
		{"until", s.GetUntil(), last, &until},
	} {
		day, err := ParseDate(orElse(read.text, read.absent))
		if err != nil {
			mistakes = append(mistakes, wrong(read.field, "%v", err))
		}
		*read.into = date(day)
	}
	r.option.Dtstart, r.option.Until = start.time(), until.time()
	if first, last := max(r.from, start), min(r.to, until); len(mistakes) == 0 && last < first {
		return wrong("", "the last day, %v, is before the first, %v; swap them", last, first)
	}
	return errors.Join(mistakes...)
}

// String returns the day as written in files, YYYY-MM-DD.
func (d date) String() string { return d.time().Format(time.DateOnly) }

// ParseDate reads YYYY-MM-DD as days since 1970.
func ParseDate(text string) (int32, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		return 0, fmt.Errorf("%q is not a day of %d to %d; write for example 2026-12-24", text, firstYear, lastYear)
	}
	return int32(dateOf(t)), nil
}

func orElse(text, absent string) string {
	if text == "" {
		return absent
	}
	return text
}

func readByday(r *rule, s *handoverv1.Schedule) error {
	if s.GetWkst() != "" {
		first, known := weekdayNamed[s.GetWkst()]
		if !known {
			return wrong("wkst", "wkst %q is not a weekday; write MO to SU", s.GetWkst())
		}
		r.option.Wkst = first
	}
	for _, text := range s.GetByday() {
		match := bydayPattern.FindStringSubmatch(text)
		if match == nil {
			return wrong("byday", "byday %q is not a weekday; write MO to SU, or 1SA or -1FR with MONTHLY and YEARLY", text)
		}
		weekday := weekdayNamed[match[2]]
		if match[1] != "" {
			number, _ := strconv.Atoi(match[1])
			weekday = weekday.Nth(number)
		}
		r.option.Byweekday = append(r.option.Byweekday, weekday)
	}
	return nil
}
