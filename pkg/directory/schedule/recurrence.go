package schedule

import (
	"sync/atomic"

	"github.com/teambition/rrule-go"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// recurrence holds the days of a rule, computed one year at a time on first use.
type recurrence struct {
	rule
	years atomic.Pointer[yearOfRule]
}

// yearOfRule is one computed year, linked to those computed before it.
type yearOfRule struct {
	year   int
	days   yearDays
	before *yearOfRule
}

// recurrenceOf parses the days of a schedule. The error joins one [Mistake] per problem.
func recurrenceOf(s *handoverv1.Schedule) (*recurrence, error) {
	r, err := ruleOf(s)
	if err != nil {
		return nil, err
	}
	full, err := rrule.NewRRule(r.option)
	if err != nil {
		return nil, err
	}
	r.option = full.Options // including the days derived from dtstart
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
	// Concurrent callers may drop a year, which is then computed again.
	worked := &yearOfRule{year, r.in(year), known}
	r.years.Store(worked)
	return worked.days.has(index)
}

// in computes one year.
func (r *recurrence) in(year int) (set yearDays) {
	first, next := firstDays[year-firstYear], firstDays[year-firstYear+1]
	r.each(first, next-1, func(d date) bool {
		set.add(int(d - first))
		return true
	})
	return set
}

// each visits the days from first to last, both included, until visit returns false.
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

// start returns a day, on or before the given one where possible, that gives the same later
// days as dtstart and is as late as possible.
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

// checkComes refuses a rule that has no days in its period of validity.
func (r *recurrence) checkComes() error {
	comes := false
	r.each(r.from, r.to, func(date) bool {
		comes = true
		return false
	})
	if !comes {
		return wrong("", "it never occurs from %v to %v; write other days, or a longer time", r.from, min(r.to, dateOf(r.option.Until)))
	}
	return nil
}
