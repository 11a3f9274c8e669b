package hsds

import (
	"errors"
	"fmt"
	"slices"

	times "github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// special reads days that replace the regular hours, as this package writes them.
func (r *reading) special(s schedule, words said) error {
	e, err := r.exception(s, words)
	if err != nil {
		r.unsure = true
		return fmt.Errorf("it replaces the regular hours, and so must be written in exceptions: %w", err)
	}
	r.specials = append(r.specials, words.zone)
	r.addException(e)
	return nil
}

func (r *reading) exception(s schedule, words said) (e exception, err error) {
	if words.zone == "" {
		return e, errors.New("its days are in words only")
	}
	if handoverv1.ClosureReason_value["CLOSURE_REASON_"+words.reason] == 0 {
		return e, fmt.Errorf("its reason %q is not known", words.reason)
	}
	e.Reason, e.Notes = words.reason, text(s.Notes)
	if s.AttendingType != "" {
		if e.Channels, err = r.channels(s); err != nil {
			return e, err
		}
	}
	if s.OpensAt != "" {
		opens, closes, err := s.times(words.end)
		if err != nil {
			return e, err
		}
		e.Hours = []string{opens + "-" + closes}
	}
	return e, e.readDays(s)
}

// readDays reads a date, or the days of a recurrence.
func (e *exception) readDays(s schedule) error {
	if s.Freq == "" && s.ValidFrom == s.ValidTo {
		_, err := times.ParseDate(s.ValidFrom)
		e.Dates = []string{s.ValidFrom}
		return err
	}
	recurring, err := recurrence(s)
	if err == nil {
		e.Rule, err = checked(recurring)
	}
	return err
}

// addException joins the hours of an exception, which HSDS has as schedules of their own.
func (r *reading) addException(e exception) {
	for i, before := range r.entry.Exceptions {
		if before.days() == e.days() && len(before.Hours) > 0 && len(e.Hours) > 0 {
			r.entry.Exceptions[i].Hours = append(before.Hours, e.Hours...)
			return
		}
	}
	r.entry.Exceptions = append(r.entry.Exceptions, e)
}

func (e exception) days() string {
	e.Hours = nil
	return fmt.Sprintf("%q", e)
}

// joinDates makes one exception of the dates that have the same hours.
func (r *reading) joinDates() {
	var joined []exception
	for _, e := range r.entry.Exceptions {
		same := slices.IndexFunc(joined, func(before exception) bool {
			return len(e.Dates) > 0 && len(before.Dates) > 0 && before.dated() == e.dated()
		})
		if same < 0 {
			joined = append(joined, e)
			continue
		}
		joined[same].Dates = append(joined[same].Dates, e.Dates...)
	}
	r.entry.Exceptions = joined
}

func (e exception) dated() string {
	e.Dates = nil
	return fmt.Sprintf("%q", e)
}

// unsureDays adds an exception without days if not all of them could be read: the file is refused
// until somebody has written it, and the line is not open on days on which it may be closed.
func (r *reading) unsureDays() {
	if r.unsure {
		r.miss("exceptions (write those of the schedules that were left out instead of {})")
		r.entry.Exceptions = append(r.entry.Exceptions, exception{})
	}
}

// place reads the time zone: that of the exceptions, or the only one of the hours.
func (r *reading) place() {
	zones := r.zones
	if len(r.specials) > 0 {
		zones = r.specials
	}
	slices.Sort(zones)
	zones = slices.Compact(zones)
	if r.entry.TimeZone = r.given.TimeZone; len(zones) == 1 && zones[0] != "" {
		r.entry.TimeZone = zones[0]
	}
	if r.entry.TimeZone == "" {
		r.miss("time_zone (HSDS has only offsets from UTC)")
	}
	for _, hours := range r.entry.Hours {
		for i := range hours {
			if hours[i].Timezone == r.entry.TimeZone {
				hours[i].Timezone = ""
			}
		}
	}
}
