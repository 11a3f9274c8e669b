package rota

import (
	"slices"

	"github.com/teambition/rrule-go"
)

// Years is how far a rota extends from its first day. After that nobody staffs the line.
const Years = 50

// rotation tells whose turn it is by rule alone. It is computed once and shared by all rotas
// derived by changes.
type rotation struct {
	first Date
	order []Unit
	// round is the order as unit numbers, and places the first index of each number in it, or
	// -1.
	round  []int
	places []int
	// shifts and turning are the rules as written in the file.
	shifts, turning string
	// turns has, for each day since first, an index into order, or none on a day without a
	// shift.
	turns []int16
}

const none int16 = -1

// turn returns the index in the order of the unit whose turn it is on d.
func (r *rotation) turn(d Date) (int, bool) {
	if d < r.first || d > r.last() || r.turns[d-r.first] == none {
		return 0, false
	}
	return int(r.turns[d-r.first]), true
}

// place returns the index in the order of a unit that has the turn or took it over. It
// returns false if the unit is not in the order.
func (r *rotation) place(unit, turn int) (int, bool) {
	if r.round[turn] == unit {
		return turn, true
	}
	return r.places[unit], r.places[unit] >= 0
}

// number translates the order into unit numbers.
func (r *rotation) number(numbers map[Unit]int) {
	for _, unit := range r.order {
		r.round = append(r.round, numbers[unit])
	}
	for number := range len(numbers) {
		r.places = append(r.places, slices.Index(r.round, number))
	}
}

func (r *rotation) last() Date { return r.first + Date(len(r.turns)) - 1 }

// newRotation assigns a turn to each shift. The first shift is the first unit's. After that,
// the next unit's turn begins on every day of turns.
func newRotation(first Date, order []Unit, shifts, turns *rrule.ROption) *rotation {
	end := DateOf(first.midnight().AddDate(Years, 0, 0))
	r := &rotation{first: first, order: order, turns: make([]int16, end-first)}
	onShift, onTurn := r.days(shifts), r.days(turns)
	turn, begun := 0, false
	for day := range r.turns {
		if begun && onTurn[day] {
			turn = (turn + 1) % len(order)
		}
		r.turns[day] = none
		if onShift[day] {
			r.turns[day], begun = int16(turn), true
		}
	}
	return r
}

// days marks the days of a recurrence. It computes in UTC, where every day has a midnight.
func (r *rotation) days(option *rrule.ROption) []bool {
	marked := make([]bool, len(r.turns))
	dated := *option
	dated.Dtstart = r.first.midnight()
	rule, err := rrule.NewRRule(dated)
	if err != nil {
		return marked // parseRule already built one from it
	}
	for next := rule.Iterator(); ; {
		at, ok := next()
		day := int(DateOf(at) - r.first)
		if !ok || day >= len(marked) {
			return marked
		}
		marked[day] = true
	}
}

// hasShift reports whether the rule yields any shift.
func (r *rotation) hasShift() bool {
	return slices.ContainsFunc(r.turns, func(turn int16) bool { return turn != none })
}
