package rota

import (
	"slices"
	"time"
)

// Sick marks a unit unavailable for a period. The next available unit in the order takes over
// its shifts in that time.
type Sick struct {
	Unit        Unit
	From, Until time.Time
}

func (Sick) name() string { return "sick" }

func (s Sick) apply(r *Rota, at time.Time) error {
	if err := s.check(r, at); err != nil {
		return err
	}
	if err := r.roomForAbsence(at); err != nil {
		return err
	}
	for a := range r.absent(s.From, s.Until) {
		if a.unit == s.Unit {
			return refuse(Overlaps, "%s is sick from %s until %s already; name time outside of it", s.Unit, r.tell(a.from), r.tell(a.until))
		}
	}
	after := func(a, b absence) int { return a.until.Compare(b.until) }
	added := absence{s.Unit, r.numbers[s.Unit], s.From, s.Until}
	place, _ := slices.BinarySearchFunc(r.absences, added, after)
	r.absences = slices.Insert(r.absences, place, added)
	return nil
}

func (s Sick) check(r *Rota, at time.Time) error {
	if s.Unit == Nobody {
		return refuse(UnknownUnit, "nobody cannot be sick; name one of %s", r.listUnits())
	}
	if err := r.knownUnit(s.Unit); err != nil {
		return err
	}
	switch {
	case !s.From.Before(s.Until):
		return refuse(Reversed, "it begins at %s and ends at %s; begin before the end", r.tell(s.From), r.tell(s.Until))
	case s.From.Before(at):
		return refuse(Past, "it begins at %s, before now (%s); begin now or later", r.tell(s.From), r.tell(at))
	}
	return nil
}

// Well marks a unit available again: its current absence ends now, and future ones are
// withdrawn.
type Well struct{ Unit Unit }

func (Well) name() string { return "well" }

func (w Well) apply(r *Rota, at time.Time) error {
	if err := r.knownUnit(w.Unit); err != nil {
		return err
	}
	var kept []absence
	found := false
	for _, a := range r.absences {
		if a.unit != w.Unit || !a.until.After(at) {
			kept = append(kept, a)
			continue
		}
		found = true
		if a.from.Before(at) {
			kept = append(kept, absence{a.unit, a.number, a.from, at})
		}
	}
	if !found {
		return refuse(NotSick, "%s is not sick, now or later; name a unit that is", w.Unit)
	}
	slices.SortStableFunc(kept, func(a, b absence) int { return a.until.Compare(b.until) })
	r.absences = kept
	return nil
}
