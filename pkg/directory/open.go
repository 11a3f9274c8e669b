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

// soon is how far OpenUntil looks ahead. No live handover is still asking lines
// then.
const soon = 4 * 24 * time.Hour

// OpenUntil is when a line that answers the channel at t next stops to. It is
// false for a line that is closed, and where that lies more than four days ahead.
func OpenUntil(line *handoverv1.Line, channel handoverv1.Channel, t time.Time) (time.Time, bool) {
	until := t
	for until.Before(t.Add(soon)) {
		closes, open := closing(line, channel, until)
		if !open {
			return until, until.After(t)
		}
		until = closes
	}
	return time.Time{}, false
}

// closing is when the window ends that holds at t.
func closing(line *handoverv1.Line, channel handoverv1.Channel, t time.Time) (time.Time, bool) {
	location := zone(line.GetTimeZone())
	if location == nil || !OpenAt(line, channel, t) {
		return time.Time{}, false
	}
	local := t.In(location)
	var closes time.Time
	for _, hours := range line.GetHours() {
		for _, window := range hours.GetWindows() {
			if hours.GetChannel() == channel && holds(window, local) {
				closes = later(closes, windowEnd(window, local))
			}
		}
	}
	return closes, closes.After(t)
}

// windowEnd is when a window closes that holds at local: one that opened today,
// or yesterday's beyond midnight.
func windowEnd(window *handoverv1.Window, local time.Time) time.Time {
	day := local.Day()
	today := (int32(local.Weekday())+6)%7 + 1
	if !opened(window, today, shows(local)) {
		day--
	}
	minute := window.GetClosesMinute()
	end := firstAt(time.Date(local.Year(), local.Month(), day, 0, int(minute), 0, 0, local.Location()), minute)
	if !end.After(local) { // it holds again in the repeated hour
		return end.Add(time.Hour)
	}
	return end
}

// firstAt is the first instant at which clocks on the wall show a minute of the
// day, or have passed it, given the instant that package time chose: of two when
// they go back it is the first, and where they go forward over it the change itself.
func firstAt(chosen time.Time, minute int32) time.Time {
	if shows(chosen) != minute%dayMinutes {
		change, _ := chosen.ZoneBounds()
		return change
	}
	if before := chosen.Add(-time.Hour); shows(before) == minute%dayMinutes {
		return before
	}
	return chosen
}

// shows is the minute of the day on the wall.
func shows(local time.Time) int32 { return int32(local.Hour()*60 + local.Minute()) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// holds looks at the window that opened today, and at yesterday's beyond midnight.
func holds(window *handoverv1.Window, local time.Time) bool {
	today := (int32(local.Weekday())+6)%7 + 1
	yesterday := (today+5)%7 + 1
	minute := shows(local)
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
