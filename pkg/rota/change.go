package rota

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Change is one change to a rota. It is a plain value, so that it can be recorded and
// replayed.
type Change struct {
	// At is when the change was made. A change never alters earlier times.
	At time.Time
	// By is who made it, as the caller names people. It must not be empty.
	By     string
	Action Action
}

// Action is the kind of change: [Cover], [Swap], [Sick] or [Well].
type Action interface {
	// apply alters r, which the caller owns. At the zero time nothing counts as past.
	apply(r *Rota, at time.Time) error
	// name is a single word for people.
	name() string
}

// With returns the rota after the changes, applied in order. It is all or nothing: it reports
// the first impossible change as a [*Refused], and r stays unchanged.
func (r *Rota) With(changes ...Change) (*Rota, error) {
	next := r.clone()
	for i, change := range changes {
		if err := next.do(change); err != nil {
			return nil, refusedAt(i, change, err)
		}
		next.changed = change.At
		next.changes++
	}
	return next, nil
}

func (r *Rota) do(change Change) error {
	switch {
	case change.By == "":
		return refuse(Unsigned, "nobody made it; say who")
	case change.At.IsZero():
		return refuse(Unsigned, "it was made at no time; say when")
	case change.Action == nil:
		return refuse(NoAction, "it does nothing; say what")
	case r.changes >= maxChanges:
		return refuse(TooMany, "%d changes were made since the file was applied; write what still holds into the file, apply it again, and change that", r.changes)
	case change.At.Before(r.changed):
		return refuse(OutOfOrder, "it was made at %s, before the change at %s; make changes in their order", r.tell(change.At), r.tell(r.changed))
	}
	return change.Action.apply(r, change.At)
}

// clone shares what no change alters. A date's parts are replaced, never modified.
func (r *Rota) clone() *Rota {
	next := *r
	next.dated = maps.Clone(r.dated)
	next.absences = slices.Clone(r.absences)
	return &next
}

// tell formats an instant for people of the line.
func (r *Rota) tell(at time.Time) string { return at.In(r.zone).Format("2006-01-02 15:04:05 -07:00") }

// knownUnit refuses a unit that the rota does not have.
func (r *Rota) knownUnit(unit Unit) error {
	if !r.knows(unit) {
		return refuse(UnknownUnit, "there is no unit %q; name one of %s", unit, r.listUnits())
	}
	return nil
}

// shiftOn returns when the shift of a date begins and ends.
func (r *Rota) shiftOn(date Date) (start, end time.Time, err error) {
	start, end = r.window.on(date, r.zone)
	if _, ok := r.rotation.turn(date); !ok || !start.Before(end) {
		return start, end, refuse(NoShift, "there is no shift on %s; name a date of the rotation", date)
	}
	return start, end, nil
}

// listed limits how many units a message names.
const listed = 20

func (r *Rota) listUnits() string {
	units := r.units[:min(len(r.units), listed)]
	names := fmt.Sprint(units)
	if more := len(r.units) - len(units); more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	return names
}
