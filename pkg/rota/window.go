package rota

import (
	"fmt"
	"strings"
	"time"
)

// window is the time of day of a shift, in minutes after its date's midnight. If it continues
// past midnight, closes exceeds 24 hours.
type window struct{ opens, closes int }

// parseWindow reads 18:00-21:00. It returns false for an invalid or empty window.
func parseWindow(text string) (window, bool) {
	from, to, _ := strings.Cut(text, "-")
	opens, from24 := parseClock(from)
	closes, to24 := parseClock(to)
	if closes < opens {
		closes += dayMinutes
	}
	return window{opens, closes}, from24 && to24 && opens < dayMinutes && opens < closes
}

// String returns the window as written in files.
func (w window) String() string {
	closes := w.closes
	if closes > dayMinutes {
		closes -= dayMinutes
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", w.opens/60, w.opens%60, closes/60, closes%60)
}

// parseClock also accepts 24:00.
func parseClock(text string) (minute int, ok bool) {
	if text == "24:00" {
		return dayMinutes, true
	}
	clock, err := time.Parse("15:04", text)
	return clock.Hour()*60 + clock.Minute(), err == nil && len(text) == len("15:04")
}

// on returns when the window of a date begins and ends. It is empty if the clocks skip all of
// it.
func (w window) on(d Date, zone *time.Location) (start, end time.Time) {
	return firstAt(d.at(w.opens), zone), firstAt(d.at(w.closes), zone)
}
