package rota

import (
	"github.com/stafett/stafett/pkg/yamlread"
	"github.com/teambition/rrule-go"
)

const (
	minYear = 2000
	maxYear = 2200
)

func (r *Rota) readRotation(value yamlread.Value) {
	fields := value.Fields("first", "shifts", "turns", "order")
	first, dated := readDate(fields.Need("first", wantDate))
	shifts, shiftsText, ruled := readRule(fields.Need("shifts", wantRule))
	turns, turnsText := shifts, ""
	if given, ok := fields.Get("turns"); ok {
		turns, turnsText, ok = readRule(given)
		ruled = ruled && ok
	}
	order, ordered := r.readOrder(fields.Need("order", "[odder, samso]"))
	if !dated || !ruled || !ordered {
		return
	}
	rotation := newRotation(first, order, shifts, turns)
	if !rotation.hasShift() {
		value.Refuse("the rotation has no shift in %d years from %s on; write shifts that come, for example %s", Years, first, wantRule)
		return
	}
	rotation.shifts, rotation.turning = shiftsText, turnsText
	rotation.number(r.numbers)
	r.rotation = rotation
}

func readDate(value yamlread.Value) (Date, bool) {
	text, ok := value.Text(wantDate)
	if !ok {
		return 0, false
	}
	date, err := ParseDate(text)
	if err != nil {
		value.Refuse("%q is not a date; write for example %s", text, wantDate)
		return 0, false
	}
	if year := date.midnight().Year(); year < minYear || year > maxYear {
		value.Refuse("the year %d is not one of a rota; write %d to %d", year, minYear, maxYear)
		return 0, false
	}
	return date, true
}

func readRule(value yamlread.Value) (rule *rrule.ROption, text string, ok bool) {
	text, ok = value.Text(wantRule)
	if !ok {
		return nil, "", false
	}
	rule, err := parseRule(text)
	if err != nil {
		value.Refuse("%v", err)
	}
	return rule, text, err == nil
}

// readOrder allows a unit to appear more than once; it then has that many turns per round.
func (r *Rota) readOrder(list yamlread.Value) (order []Unit, ok bool) {
	members := list.List("[odder, samso]")
	if len(members) > maxUnits {
		list.Refuse("a round has %d turns; write at most %d", len(members), maxUnits)
		return nil, false
	}
	for _, member := range members {
		if unit, known := r.readMember(member); known {
			order = append(order, unit)
		}
	}
	return order, len(order) > 0 && len(order) == len(members)
}
