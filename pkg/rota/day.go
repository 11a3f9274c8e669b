package rota

import (
	"iter"
	"sort"
	"time"
)

// part is one assignment within a date's shift. It lasts until the next part or the end of
// the shift.
type part struct {
	from time.Time
	unit Unit
	why  Why
}

// absence is a period in which a unit is unavailable.
type absence struct {
	unit        Unit
	number      int // the unit's
	from, until time.Time
}

// had returns the shift of a date by rotation alone, and whose turn it is.
func (r *Rota) had(date Date) (shift Shift, turn int, ok bool) {
	turn, ok = r.rotation.turn(date)
	if !ok {
		return Shift{}, 0, false
	}
	start, end := r.window.on(date, r.zone)
	shift = Shift{Date: date, Unit: r.rotation.order[turn], Start: start, End: end, Why: Rotation}
	return shift, turn, start.Before(end)
}

// day returns the shift of a date as consecutive parts. Each is settled by the rotation, then
// by changes of the date, then by sickness.
func (r *Rota) day(date Date) iter.Seq[Shift] {
	had, turn, ok := r.had(date)
	if !ok {
		return func(func(Shift) bool) {}
	}
	return r.divide(had, turn)
}

// divide splits a shift wherever something begins or ends in it, and joins neighbours that
// are equal. It computes parts lazily.
func (r *Rota) divide(had Shift, turn int) iter.Seq[Shift] {
	return func(yield func(Shift) bool) {
		course := r.course(had, turn)
		cuts := course.cuts()
		part := course.settle(0)
		for _, cut := range cuts[1 : len(cuts)-1] {
			next := course.settle(cut)
			if part.continues(next) {
				continue
			}
			part.End = had.Start.Add(cut)
			if !yield(part) {
				return
			}
			part, part.Start = next, part.End
		}
		yield(part)
	}
}

func (s Shift) continues(next Shift) bool {
	return s.Unit == next.Unit && s.Why == next.Why && s.For == next.For
}

// absent returns the absences that overlap the time from start until end.
func (r *Rota) absent(start, end time.Time) iter.Seq[absence] {
	first := sort.Search(len(r.absences), func(i int) bool { return r.absences[i].until.After(start) })
	return func(yield func(absence) bool) {
		for _, a := range r.absences[first:] {
			if a.from.Before(end) && !yield(a) {
				return
			}
		}
	}
}
