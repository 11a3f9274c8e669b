package directory

import handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"

// preferences rank the lines that may be asked, the weightiest first. Their points are
// powers of two: each outweighs all that come after it together.
var preferences = []struct {
	preference handoverv1.Preference
	points     int32
	holds      func(*decision, *entry) bool
}{
	{handoverv1.Preference_PREFERENCE_PLACE, 32, func(d *decision, e *entry) bool {
		return wayIn(e.line, d.channel, d.need.Header.GetArea()) == ownWay
	}},
	{handoverv1.Preference_PREFERENCE_EMERGENCY, 16, func(d *decision, e *entry) bool { return d.acute && e.line.GetEmergency() }},
	{handoverv1.Preference_PREFERENCE_SPECIALIST, 8, func(d *decision, e *entry) bool { return e.knows(d.fits) }},
	{handoverv1.Preference_PREFERENCE_FIRST_LANGUAGE, 4, func(d *decision, e *entry) bool {
		return len(e.languages) > 0 && d.understood(e.languages[:1])
	}},
	{handoverv1.Preference_PREFERENCE_WAIT, 2, func(d *decision, e *entry) bool {
		seats, known := e.seatsAt(d.channel, d.at)
		return known && seats.Queue == 0
	}},
	{handoverv1.Preference_PREFERENCE_LOAD, 1, func(d *decision, e *entry) bool {
		seats, known := e.seatsAt(d.channel, d.at)
		return known && e.capacity[d.channel] > 0 && 2*seats.Left() >= e.capacity[d.channel]
	}},
}
