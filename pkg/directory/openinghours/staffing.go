package openinghours

import "time"

// Staffing tells which unit staffs a line. Implementations are immutable.
type Staffing interface {
	// Staffs returns the unit that staffs the line at an instant, and the first instant at
	// which it no longer does. It returns false if no unit does.
	Staffs(at time.Time) (unit string, until time.Time, staffed bool)
	// NextStaffed returns the first instant, from the given one on, at which a unit staffs
	// the line. It returns false if none is known.
	NextStaffed(at time.Time) (time.Time, bool)
}

// staffed reports whether anybody staffs the line at an instant.
func (t *Times) staffed(at time.Time) bool {
	if t.staffing == nil {
		return true
	}
	_, _, staffed := t.staffing.Staffs(at)
	return staffed
}

// Unit returns the unit that staffs the line at an instant. It is empty without a rota, or if
// no unit does.
func (t *Times) Unit(at time.Time) string {
	if t.staffing == nil {
		return ""
	}
	unit, _, staffed := t.staffing.Staffs(at)
	if !staffed {
		return ""
	}
	return unit
}

// staffedUntil returns the first instant at which nobody staffs a line that is staffed at the
// given one. It returns false if there is none within four days.
func (t *Times) staffedUntil(at time.Time) (time.Time, bool) {
	if t.staffing == nil {
		return time.Time{}, false
	}
	end := at
	for end.Before(at.Add(fourDays)) {
		_, until, staffed := t.staffing.Staffs(end)
		if !staffed || !until.After(end) {
			return end, true
		}
		end = until
	}
	return time.Time{}, false
}

// nextStaffed returns the first instant, from the given one on, at which somebody staffs the
// line.
func (t *Times) nextStaffed(at time.Time) (time.Time, bool) {
	if t.staffed(at) {
		return at, true
	}
	return t.staffing.NextStaffed(at)
}
