package rota

import "fmt"

// Reason says, for programs, why a change is impossible.
type Reason string

const (
	UnknownUnit Reason = "UNKNOWN_UNIT"
	NoShift     Reason = "NO_SHIFT"     // the date or the time has none
	WithItself  Reason = "WITH_ITSELF"  // both dates, or their units, are the same
	Overlaps    Reason = "OVERLAPS"     // the unit is sick already
	UnitSick    Reason = "UNIT_SICK"    // and cannot cover
	NotSick     Reason = "NOT_SICK"     // and cannot be well again
	NobodyHas   Reason = "NOBODY_HAS"   // there is nothing to swap
	Divided     Reason = "DIVIDED"      // several units have parts of the shift
	Reversed    Reason = "REVERSED"     // it ends before it begins
	Past        Reason = "PAST"         // it was before the change
	OutOfOrder  Reason = "OUT_OF_ORDER" // a later change was made already
	Unsigned    Reason = "UNSIGNED"     // without who or when
	NoAction    Reason = "NO_ACTION"
	TooMany     Reason = "TOO_MANY" // changes, changed dates, parts of a shift or absences
)

// Refused is the error for an impossible change.
type Refused struct {
	// Index is the change's position, from 0.
	Index   int
	Reason  Reason
	Message string
}

// Error says which change it is, what is wrong and what to do instead.
func (e *Refused) Error() string { return e.Message }

func refuse(reason Reason, format string, args ...any) error {
	return &Refused{Reason: reason, Message: fmt.Sprintf(format, args...)}
}

func refusedAt(index int, change Change, err error) error {
	refused := *err.(*Refused)
	refused.Index = index
	name := "nothing"
	if change.Action != nil {
		name = change.Action.name()
	}
	refused.Message = fmt.Sprintf("change %d (%s): %s", index+1, name, refused.Message)
	return &refused
}
