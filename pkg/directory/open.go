package directory

import (
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // The images have no zone files of their own.

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// zones holds each *time.Location that was found, since looking one up reads files.
var zones sync.Map

// OpenAt says whether the line answers the channel at t. Wall-clock time in the line's
// zone decides: when the clocks go back, a window holds for both of the repeated hours.
// A line whose hours or zone are unknown is closed.
func OpenAt(line *handoverv1.Line, channel handoverv1.Channel, t time.Time) bool {
	location := zone(line.GetTimeZone())
	if location == nil {
		return false
	}
	local := t.In(location)
	for _, hours := range line.GetHours() {
		if hours.GetChannel() == channel && slices.ContainsFunc(hours.GetWindows(), func(w *handoverv1.Window) bool {
			return holds(w, local)
		}) {
			return true
		}
	}
	return false
}

// holds looks at the window that opened today, and at yesterday's beyond midnight.
func holds(window *handoverv1.Window, local time.Time) bool {
	today := (int32(local.Weekday())+6)%7 + 1
	yesterday := (today+5)%7 + 1
	minute := int32(local.Hour()*60 + local.Minute())
	return opened(window, today, minute) || opened(window, yesterday, minute+dayMinutes)
}

func opened(window *handoverv1.Window, weekday, minute int32) bool {
	return slices.Contains(window.GetWeekdays(), weekday) &&
		window.GetOpensMinute() <= minute && minute < window.GetClosesMinute()
}

// zone is nil for a name that is not known. The empty name and Local are not either:
// they would mean whatever the machine is set to.
func zone(name string) *time.Location {
	if found, ok := zones.Load(name); ok {
		return found.(*time.Location)
	}
	if name == "" || name == "Local" {
		return nil
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	zones.Store(name, location)
	return location
}
