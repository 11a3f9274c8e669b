package schedule

import (
	"sync/atomic"

	"github.com/teambition/rrule-go"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// recurrence is the days of a rule. They are worked out a year at a time, when a year
// is first asked for.
type recurrence struct {
	rule
	years atomic.Pointer[yearOfRule]
}

// yearOfRule is one year that was worked out, and those that were before.
type yearOfRule struct {
	year   int
	days   yearDays
	before *yearOfRule
}

// recurrenceOf reads the days of a schedule. The error joins one [Mistake] for each.
func recurrenceOf(s *handoverv1.Schedule) (*recurrence, error) {
	r, err := ruleOf(s)
	if err != nil {
		return nil, err
	}
	full, err := rrule.NewRRule(r.option)
	if err != nil {
		return nil, err
	}
	r.option = full.Options // with the days that hang on dtstart
	return &recurrence{rule: r}, nil
}

func (r *recurrence) has(d date) bool {
	year, index, ok := yearOf(d)
	if !ok || d < r.from || d > r.to {
		return false
	}
	known := r.years.Load()
	for at := known; at != nil; at = at.before {
		if at.year == year {
			return at.days.has(index)
		}
	}
	// Where two do this at once, one year may be forgotten and worked out again.
	worked := &yearOfRule{year, r.in(year), known}
	r.years.Store(worked)
	return worked.days.has(index)
}

// in works out a year.
func (r *recurrence) in(year int) (set yearDays) {
	first, next := firstDays[year-firstYear], firstDays[year-firstYear+1]
	r.each(first, next-1, func(d date) bool {
		set.add(int(d - first))
		return true
	})
	return set
}

// each visits the days between two, both included, until visit has had enough.
func (r *recurrence) each(first, last date, visit func(date) bool) {
	option := r.option
	if dateOf(option.Dtstart) > last {
		return
	}
	option.Dtstart = r.start(first).time()
	if until := last.time(); until.Before(option.Until) {
		option.Until = until
	}
	found, err := rrule.NewRRule(option)
	if err != nil {
		return // recurrenceOf has tried it
	}
	next := found.Iterator()
	for t, ok := next(); ok; t, ok = next() {
		if d := dateOf(t); d >= first && d >= r.from && (d > r.to || !visit(d)) {
			return
		}
	}
}

// start is the latest day from which the same days follow as from dtstart, on or
// before a day where it can be.
func (r *recurrence) start(before date) date {
	start := dateOf(r.option.Dtstart)
	step := date(r.option.Interval)
	if r.option.Freq == rrule.WEEKLY {
		step *= 7
	}
	switch {
	case before <= start || r.option.Count > 0:
		return start
	case r.option.Interval == 1:
		return before
	case r.option.Freq == rrule.DAILY || r.option.Freq == rrule.WEEKLY:
		return start + (before-start)/step*step
	}
	return start
}

// checkComes refuses a rule none of whose days lie where it counts.
func (r *recurrence) checkComes() error {
	comes := false
	r.each(r.from, r.to, func(date) bool {
		comes = true
		return false
	})
	if !comes {
		return wrong("", "it never comes about from %v to %v; write other days, or a longer time", r.from, min(r.to, dateOf(r.option.Until)))
	}
	return nil
}
