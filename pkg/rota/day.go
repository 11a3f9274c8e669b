package rota

import (
	"slices"
	"sort"
	"time"
)

// part is what a date has from an instant until the next part, or its shift's end.
type part struct {
	from time.Time
	unit Unit
	why  Why
}

// absence is the time in which a unit cannot.
type absence struct {
	unit        Unit
	from, until time.Time
}

func (a absence) holds(at time.Time) bool { return !at.Before(a.from) && at.Before(a.until) }

// day is the shift of a date in its parts, which have no gap between them: who has
// each is settled by the rotation, then by changes of the date, then by sickness.
func (r *Rota) day(date Date) []Shift {
	turn, ok := r.rotation.turn(date)
	if !ok {
		return nil
	}
	start, end := r.window.on(date, r.zone)
	if !start.Before(end) {
		return nil
	}
	had := Shift{Date: date, Unit: r.rotation.order[turn], Start: start, End: end, Why: Rotation}
	parts, dated := r.dated[date]
	absent := r.absent(start, end)
	if !dated && len(absent) == 0 {
		return []Shift{had}
	}
	return r.divide(had, turn, parts, absent)
}

// divide cuts a shift wherever something begins or ends in it.
func (r *Rota) divide(had Shift, turn int, parts []part, absent []absence) []Shift {
	var shifts []Shift
	cuts := cuts(had, parts, absent)
	for i, from := range cuts[:len(cuts)-1] {
		shift := r.settle(had, from, turn, parts, absent)
		shift.Start, shift.End = from, cuts[i+1]
		if last := len(shifts) - 1; last >= 0 && shifts[last].continues(shift) {
			shifts[last].End = shift.End
			continue
		}
		shifts = append(shifts, shift)
	}
	return shifts
}

func (s Shift) continues(next Shift) bool {
	return s.Unit == next.Unit && s.Why == next.Why && s.For == next.For
}

func cuts(had Shift, parts []part, absent []absence) []time.Time {
	cuts := []time.Time{had.Start, had.End}
	add := func(at time.Time) {
		if at.After(had.Start) && at.Before(had.End) {
			cuts = append(cuts, at)
		}
	}
	for _, p := range parts {
		add(p.from)
	}
	for _, a := range absent {
		add(a.from)
		add(a.until)
	}
	slices.SortFunc(cuts, time.Time.Compare)
	return slices.CompactFunc(cuts, time.Time.Equal)
}

// settle is who has the shift at an instant in it.
func (r *Rota) settle(had Shift, at time.Time, turn int, parts []part, absent []absence) Shift {
	shift := had
	for _, p := range parts {
		if !p.from.After(at) {
			shift.Unit, shift.Why, shift.For = p.unit, p.why, had.Unit
		}
	}
	if shift.Why == Rotation {
		shift.For = ""
	}
	if unit := r.able(shift.Unit, turn, at, absent); unit != shift.Unit {
		shift.Unit, shift.Why, shift.For = unit, Sickness, shift.Unit
	}
	return shift
}

// able is the unit itself, or the next in the order that can, or nobody. A unit that
// is not in the order is followed by the one whose turn it is.
func (r *Rota) able(unit Unit, turn int, at time.Time, absent []absence) Unit {
	sick := func(unit Unit) bool {
		return slices.ContainsFunc(absent, func(a absence) bool { return a.unit == unit && a.holds(at) })
	}
	if unit == Nobody || !sick(unit) {
		return unit
	}
	order := r.rotation.order
	after := r.place(unit, turn)
	for i := range order {
		if next := order[(after+1+i)%len(order)]; !sick(next) {
			return next
		}
	}
	return Nobody
}

// place is where in the order a unit stands that has the turn, or took it over.
func (r *Rota) place(unit Unit, turn int) int {
	order := r.rotation.order
	if order[turn] == unit {
		return turn
	}
	if place := slices.Index(order, unit); place >= 0 {
		return place
	}
	return turn - 1 + len(order)
}

// absent are the absences that touch the time from start until end.
func (r *Rota) absent(start, end time.Time) []absence {
	first := sort.Search(len(r.absences), func(i int) bool { return r.absences[i].until.After(start) })
	var touching []absence
	for _, a := range r.absences[first:] {
		if a.from.Before(end) {
			touching = append(touching, a)
		}
	}
	return touching
}
