package rota

import (
	"cmp"
	"slices"
	"time"
)

// course walks through a shift from start to end. Its times are offsets from the start.
type course struct {
	rota *Rota
	had  Shift
	turn int
	// parts holds the current part, then later ones. It is empty if the date follows the
	// rotation.
	parts []part
	// spells are the absences that have not begun, in order of their start.
	spells []spell
	// sick is, for the absences that have begun, when each unit recovers, by unit number. It
	// is empty if there are no absences.
	sick []time.Duration
	// nobody is until when no unit in the order is known to be available.
	nobody time.Duration
}

// spell is an absence with times as offsets from the shift's start.
type spell struct {
	unit        int
	from, until time.Duration
}

func (r *Rota) course(had Shift, turn int) *course {
	c := &course{rota: r, had: had, turn: turn, parts: r.dated[had.Date]}
	for a := range r.absent(had.Start, had.End) {
		if c.spells == nil {
			c.spells = make([]spell, 0, len(r.units)) // few are sick twice in one shift
		}
		c.spells = append(c.spells, spell{a.number, a.from.Sub(had.Start), a.until.Sub(had.Start)})
	}
	if len(c.spells) > 0 {
		c.sick = make([]time.Duration, len(r.units))
	}
	slices.SortFunc(c.spells, func(a, b spell) int { return cmp.Compare(a.from, b.from) })
	return c
}

// cuts returns the times at which a part or absence begins or ends, and the shift's start and
// end.
func (c *course) cuts() []time.Duration {
	length := c.had.End.Sub(c.had.Start)
	cuts := append(make([]time.Duration, 0, 2+len(c.parts)+2*len(c.spells)), 0, length)
	add := func(at time.Duration) {
		if 0 < at && at < length {
			cuts = append(cuts, at)
		}
	}
	for _, p := range c.parts {
		add(p.from.Sub(c.had.Start))
	}
	for _, s := range c.spells {
		add(s.from)
		add(s.until)
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

// settle returns who has the shift from a cut on. Callers pass the cuts in order.
func (c *course) settle(now time.Duration) Shift {
	shift, unit := c.had, c.rota.rotation.round[c.turn]
	for len(c.parts) > 1 && c.parts[1].from.Sub(c.had.Start) <= now {
		c.parts = c.parts[1:]
	}
	if len(c.parts) > 0 && c.parts[0].why != Rotation {
		shift.Unit, shift.Why, shift.For = c.parts[0].unit, c.parts[0].why, c.had.Unit
		unit = c.rota.numbers[shift.Unit]
	}
	for len(c.spells) > 0 && c.spells[0].from <= now {
		c.sick[c.spells[0].unit] = c.spells[0].until
		c.spells = c.spells[1:]
	}
	if len(c.sick) > 0 && shift.Unit != Nobody && c.sick[unit] > now {
		shift.Unit, shift.Why, shift.For = c.follower(unit, now), Sickness, shift.Unit
	}
	return shift
}

// follower returns the next available unit after the given one in the order, or Nobody. For a
// unit that is not in the order, it starts with the one whose turn it is.
func (c *course) follower(unit int, now time.Duration) Unit {
	if now < c.nobody {
		return Nobody
	}
	rotation, next := c.rota.rotation, c.turn
	if place, ordered := rotation.place(unit, c.turn); ordered {
		next = place + 1
	}
	soonest := time.Duration(-1)
	for i := range rotation.round {
		if next == len(rotation.round) {
			next = 0
		}
		well := c.sick[rotation.round[next]]
		if well <= now {
			return rotation.order[next]
		}
		if i == 0 || well < soonest {
			soonest = well
		}
		next++
	}
	c.nobody = soonest
	return Nobody
}
