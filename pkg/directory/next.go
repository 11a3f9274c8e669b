package directory

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// ahead is how many days NextOpen looks ahead.
const ahead = 15

// NextOpen is the next instant at which a line begins to answer the channel, or t
// itself if it does already. It is false where none lies within two weeks.
func NextOpen(line *handoverv1.Line, channel handoverv1.Channel, t time.Time) (time.Time, bool) {
	location := zone(line.GetTimeZone())
	if location == nil {
		return time.Time{}, false
	}
	if OpenAt(line, channel, t) {
		return t, true
	}
	var next time.Time
	for day := range ahead {
		for _, opens := range openings(line, channel, t.In(location), day) {
			if opens.After(t) && OpenAt(line, channel, opens) && (next.IsZero() || opens.Before(next)) {
				next = opens
			}
		}
		if !next.IsZero() {
			return next, true
		}
	}
	return time.Time{}, false
}

// openings are the instants at which windows of a channel open, some days after
// local's.
func openings(line *handoverv1.Line, channel handoverv1.Channel, local time.Time, days int) []time.Time {
	var all []time.Time
	for _, hours := range line.GetHours() {
		if hours.GetChannel() != channel {
			continue
		}
		for _, window := range hours.GetWindows() {
			minute := window.GetOpensMinute()
			at := time.Date(local.Year(), local.Month(), local.Day()+days, 0, int(minute), 0, 0, local.Location())
			all = append(all, firstAt(at, minute))
		}
	}
	return all
}
