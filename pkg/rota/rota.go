package rota

import (
	"iter"
	"slices"
	"time"
)

// Rota says who has which shift. It never changes, so any number of goroutines may
// use it.
type Rota struct {
	version, line string
	zone          *time.Location
	window        window
	units         []Unit
	names         map[Unit]map[string]string
	named         map[string]Unit
	numbers       map[Unit]int // their places in units
	rotation      *rotation

	// dated has the dates that are not as the rotation has them.
	dated map[Date][]part
	// absences is sorted by their ends. Those of one unit do not overlap.
	absences []absence
	// changed is when the last change was made.
	changed time.Time
	// changes is how many were made since the file was read.
	changes int
}

// Shift is the time in which one unit staffs the line, or a part of it: sickness can
// divide one.
type Shift struct {
	// Date is the day on which the whole shift begins.
	Date Date
	Unit Unit
	// Start is the first instant, and End the first that is no more in it.
	Start, End time.Time
	Why        Why
	// For is the unit that would have it but for Why. Empty where Why is [Rotation].
	For Unit
}

// Version is the version of the file.
func (r *Rota) Version() string { return r.version }

// Line is the id of the line that the units staff.
func (r *Rota) Line() string { return r.line }

// Zone is the time zone of the shifts.
func (r *Rota) Zone() *time.Location { return r.zone }

// Dates are the first and the last day about which the rota knows anything.
func (r *Rota) Dates() (first, last Date) { return r.rotation.first, r.rotation.last() }

// Staffs is the shift that holds at an instant; false when nobody staffs then, and
// the line is closed. A shift that nobody has is given nevertheless, for its Why.
func (r *Rota) Staffs(at time.Time) (Shift, bool) {
	today := DateOf(at.In(r.zone))
	for _, date := range []Date{today, today - 1} {
		had, turn, ok := r.had(date)
		if !ok || !had.holds(at) {
			continue
		}
		for shift := range r.divide(had, turn) {
			if shift.holds(at) {
				return shift, shift.Unit != Nobody
			}
		}
	}
	return Shift{}, false
}

// year is how far Next looks.
const year = 366 * 24 * time.Hour

// Next is the first shift that begins after an instant and somebody has; false when
// none does within a year.
func (r *Rota) Next(at time.Time) (Shift, bool) { return r.NextWithin(at, year) }

// NextWithin is the same with how far to look, for those who ask often.
func (r *Rota) NextWithin(at time.Time, within time.Duration) (Shift, bool) {
	for shift := range r.walk(at, at.Add(within)) {
		if shift.Start.After(at) && shift.Unit != Nobody {
			return shift, true
		}
	}
	return Shift{}, false
}

// Shifts are those that hold at any instant from the first until the other, in order.
// None of them is cut.
func (r *Rota) Shifts(from, until time.Time) []Shift {
	shifts := r.Parts(from, until)
	return slices.DeleteFunc(shifts, func(s Shift) bool { return s.Unit == Nobody })
}

// Parts are the same with the shifts that nobody has.
func (r *Rota) Parts(from, until time.Time) []Shift {
	return slices.Collect(r.walk(from, until))
}

// walk works out no day before it is asked for.
func (r *Rota) walk(from, until time.Time) iter.Seq[Shift] {
	return func(yield func(Shift) bool) {
		begin := max(DateOf(from.In(r.zone))-1, r.rotation.first)
		for date := begin; date <= min(DateOf(until.In(r.zone)), r.rotation.last()); date++ {
			for shift := range r.day(date) {
				if shift.End.After(from) && shift.Start.Before(until) && !yield(shift) {
					return
				}
			}
		}
	}
}

func (s Shift) holds(at time.Time) bool { return !at.Before(s.Start) && at.Before(s.End) }
