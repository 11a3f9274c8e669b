package rota

import (
	"slices"

	"github.com/teambition/rrule-go"
)

// Years is how far a rota knows from its first day on. After that nobody staffs.
const Years = 50

// rotation is whose turn it is, by rule alone. It is computed once and shared by all
// rotas that changes make of it.
type rotation struct {
	first Date
	order []Unit
	// round has the order as the units' numbers, and places the first place of each
	// number in it, or -1.
	round  []int
	places []int
	// shifts and turning are the rules as they were written.
	shifts, turning string
	// turns has the place in order for each day since first, and none without a shift.
	turns []int16
}

const none int16 = -1

// turn is the place in the order of the unit whose turn it is on d.
func (r *rotation) turn(d Date) (int, bool) {
	if d < r.first || d > r.last() || r.turns[d-r.first] == none {
		return 0, false
	}
	return int(r.turns[d-r.first]), true
}

// place is where in the order a unit of that number stands that has the turn, or took
// it over; false where it is not in the order.
func (r *rotation) place(unit, turn int) (int, bool) {
	if r.round[turn] == unit {
		return turn, true
	}
	return r.places[unit], r.places[unit] >= 0
}

// number gives the order its numbers.
func (r *rotation) number(numbers map[Unit]int) {
	for _, unit := range r.order {
		r.round = append(r.round, numbers[unit])
	}
	for number := range len(numbers) {
		r.places = append(r.places, slices.Index(r.round, number))
	}
}

func (r *rotation) last() Date { return r.first + Date(len(r.turns)) - 1 }

// newRotation gives each shift its turn. The first shift is the first unit's, and on
// every day of turns after that the next unit's turn begins.
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

// days marks the days of a recurrence. It reckons in UTC, where every day has its
// midnight.
func (r *rotation) days(option *rrule.ROption) []bool {
	marked := make([]bool, len(r.turns))
	dated := *option
	dated.Dtstart = r.first.midnight()
	rule, err := rrule.NewRRule(dated)
	if err != nil {
		return marked // parseRule made one of it before
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

// hasShift says whether the rule makes any shift at all.
func (r *rotation) hasShift() bool {
	return slices.ContainsFunc(r.turns, func(turn int16) bool { return turn != none })
}
