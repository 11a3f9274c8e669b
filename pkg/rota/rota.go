package rota

import (
	"iter"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/i18n"
)

// Rota tells who has which shift. It is immutable and safe for concurrent use.
type Rota struct {
	version, line string
	zone          *time.Location
	window        window
	units         []Unit
	names         map[Unit]i18n.Text
	named         map[string]Unit
	numbers       map[Unit]int // their indexes in units
	rotation      *rotation

	// dated holds the dates that differ from the rotation.
	dated map[Date][]part
	// absences is sorted by end. Those of one unit do not overlap.
	absences []absence
	// changed is when the last change was made.
	changed time.Time
	// changes counts the changes since the file was read.
	changes int
}

// Shift is a period in which one unit staffs the line. It may be part of a shift, for example
// if sickness divided it.
type Shift struct {
	// Date is the day on which the full shift begins.
	Date Date
	Unit Unit
	// Start is the first instant of the shift, and End the first instant after it.
	Start, End time.Time
	Why        Why
	// For is the unit that would have it if not for Why. It is empty if Why is [Rotation].
	For Unit
}

// Version returns the version of the file.
func (r *Rota) Version() string { return r.version }

// Line returns the id of the line that the units staff.
func (r *Rota) Line() string { return r.line }

// Zone returns the time zone of the shifts.
func (r *Rota) Zone() *time.Location { return r.zone }

// Dates returns the first and last day that the rota covers.
func (r *Rota) Dates() (first, last Date) { return r.rotation.first, r.rotation.last() }

// Staffs returns the shift at an instant. It returns false if nobody staffs the line, which
// is then closed; a shift without a unit is still returned, for its Why.
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

// Next returns the first shift that begins after an instant and has a unit. It returns false
// if there is none within a year.
func (r *Rota) Next(at time.Time) (Shift, bool) { return r.NextWithin(at, year) }

// NextWithin is Next with a limit, for callers that ask often.
func (r *Rota) NextWithin(at time.Time, within time.Duration) (Shift, bool) {
	for shift := range r.walk(at, at.Add(within)) {
		if shift.Start.After(at) && shift.Unit != Nobody {
			return shift, true
		}
	}
	return Shift{}, false
}

// Shifts returns the shifts that overlap the time between two instants, in order. It does not
// trim them.
func (r *Rota) Shifts(from, until time.Time) []Shift {
	shifts := r.Parts(from, until)
	return slices.DeleteFunc(shifts, func(s Shift) bool { return s.Unit == Nobody })
}

// Parts is Shifts including those that nobody has.
func (r *Rota) Parts(from, until time.Time) []Shift {
	return slices.Collect(r.walk(from, until))
}

// walk computes days lazily.
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
