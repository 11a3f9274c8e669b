package rota

import "time"

// Cover gives the shift of a date to a unit, or closes the line if the unit is [Nobody].
type Cover struct {
	Date Date
	Unit Unit
	// From and Until limit the part of the shift that the unit takes. A zero From means the
	// start of the shift, or now if it has begun; a zero Until means its end.
	From, Until time.Time
}

func (Cover) name() string { return "cover" }

func (c Cover) apply(r *Rota, at time.Time) error { return c.put(r, at, Covered) }

// put applies the cover and records why.
func (c Cover) put(r *Rota, at time.Time, why Why) error {
	if err := r.knownUnit(c.Unit); err != nil {
		return err
	}
	start, end, err := r.shiftOn(c.Date)
	if err != nil {
		return err
	}
	from, until, err := c.span(r, at, start, end)
	if err != nil {
		return err
	}
	for a := range r.absent(from, until) {
		if a.unit == c.Unit {
			return refuse(UnitSick, "%s is sick from %s until %s; name another unit", c.Unit, r.tell(a.from), r.tell(a.until))
		}
	}
	if err := r.roomOn(at, c.Date); err != nil {
		return err
	}
	parts := put(r.dated[c.Date], r.own(c.Date), part{from, c.Unit, why}, until, start, end)
	if len(parts) > maxParts {
		return refuse(TooMany, "the shift of %s would be in more than %d parts; cover longer parts of it, or close the line meanwhile", c.Date, maxParts)
	}
	r.dated[c.Date] = parts
	return nil
}

// span returns the part of the shift that is covered.
func (c Cover) span(r *Rota, at, start, end time.Time) (from, until time.Time, err error) {
	from, until = c.From, c.Until
	if from.IsZero() {
		from = latest(start, at)
	}
	if until.IsZero() {
		until = end
	}
	switch {
	case !at.Before(end):
		err = refuse(Past, "the shift of %s ended at %s; cover one that has not ended", c.Date, r.tell(end))
	case from.Before(start) || until.After(end):
		err = refuse(NoShift, "the shift of %s is from %s until %s; cover time within it", c.Date, r.tell(start), r.tell(end))
	case !from.Before(until):
		err = refuse(Reversed, "it begins at %s and ends at %s; begin before the end", r.tell(from), r.tell(until))
	case from.Before(at):
		err = refuse(Past, "it begins at %s, before now (%s); begin now or later", r.tell(from), r.tell(at))
	}
	return from, until, err
}

// own returns the part that the rotation gives for a date with a shift.
func (r *Rota) own(date Date) part {
	turn, _ := r.rotation.turn(date)
	return part{unit: r.rotation.order[turn], why: Rotation}
}

// put inserts new, which ends at the instant until, and keeps the parts before and after it.
func put(old []part, own, new part, until, start, end time.Time) []part {
	if len(old) == 0 {
		own.from = start
		old = []part{own}
	}
	var before, after []part
	resumed := old[0]
	for _, p := range old {
		if p.from.Before(new.from) {
			before = append(before, p)
		}
		if !p.from.After(until) {
			resumed = p
		} else {
			after = append(after, p)
		}
	}
	resumed.from = until
	if until.Before(end) {
		after = append([]part{resumed}, after...)
	}
	return append(append(before, new), after...)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
