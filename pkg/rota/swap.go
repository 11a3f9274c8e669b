package rota

import "time"

// Swap exchanges the units of two dates.
type Swap struct{ A, B Date }

func (Swap) name() string { return "swap" }

func (s Swap) apply(r *Rota, at time.Time) error {
	if s.A == s.B {
		return refuse(WithItself, "%s cannot be swapped with itself; name two dates", s.A)
	}
	a, err := s.whole(r, s.A, at)
	if err != nil {
		return err
	}
	b, err := s.whole(r, s.B, at)
	if err != nil {
		return err
	}
	if a.unit == b.unit {
		return refuse(WithItself, "%s has both %s and %s; name a date of another unit", a.unit, s.A, s.B)
	}
	if err := r.roomOn(at, s.A, s.B); err != nil {
		return err
	}
	r.dated[s.A] = []part{{a.from, b.unit, Swapped}}
	r.dated[s.B] = []part{{b.from, a.unit, Swapped}}
	return nil
}

// whole returns who has all of a shift that has not begun.
func (s Swap) whole(r *Rota, date Date, at time.Time) (part, error) {
	start, _, err := r.shiftOn(date)
	if err != nil {
		return part{}, err
	}
	parts := r.dated[date]
	if len(parts) == 0 {
		parts = []part{r.own(date)}
	}
	switch {
	case !at.IsZero() && !start.After(at):
		err = refuse(Past, "the shift of %s began at %s; swap one that has not begun", date, r.tell(start))
	case len(parts) > 1:
		err = refuse(Divided, "several units have parts of the shift of %s; cover it instead", date)
	case parts[0].unit == Nobody:
		err = refuse(NobodyHas, "nobody has the shift of %s; cover it instead", date)
	}
	return part{from: start, unit: parts[0].unit}, err
}
