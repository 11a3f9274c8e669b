package directory

import "time"

// staffed says whether somebody staffs the line at an instant.
func (t *times) staffed(at time.Time) bool {
	if t.staffing == nil {
		return true
	}
	_, _, staffed := t.staffing.Staffs(at)
	return staffed
}

// unit is the one that staffs the line at an instant, where it has a rota and one does.
func (t *times) unit(at time.Time) string {
	if t.staffing == nil {
		return ""
	}
	unit, _, staffed := t.staffing.Staffs(at)
	if !staffed {
		return ""
	}
	return unit
}

// staffedUntil is the first instant after one at which nobody staffs a line that is
// staffed then. False where there is none within four days.
func (t *times) staffedUntil(at time.Time) (time.Time, bool) {
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

// nextStaffed is the first instant from one on at which somebody staffs the line.
func (t *times) nextStaffed(at time.Time) (time.Time, bool) {
	if t.staffed(at) {
		return at, true
	}
	return t.staffing.NextStaffed(at)
}
