package schedule

import (
	"slices"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// days is a set of days.
type days interface{ has(d date) bool }

// weekdays has one bit per weekday, Monday first.
type weekdays uint8

func (w weekdays) has(d date) bool { return w>>d.weekday()&1 == 1 }

// weekdaysOf takes ISO 8601 numbers and ignores invalid ones.
func weekdaysOf(window *handoverv1.Window) weekdays {
	var set weekdays
	for _, number := range window.GetWeekdays() {
		if 1 <= number && number <= 7 {
			set |= 1 << (number - 1)
		}
	}
	return set
}

// dates are single days, sorted.
type dates []date

func (s dates) has(d date) bool {
	_, found := slices.BinarySearch(s, d)
	return found
}

// yearDays has one bit per day of a year.
type yearDays [6]uint64

func (y *yearDays) add(index int)      { y[index/64] |= 1 << (index % 64) }
func (y *yearDays) has(index int) bool { return y[index/64]>>(index%64)&1 == 1 }

// firstYear and lastYear limit the calendar. Nothing is open outside these years.
const firstYear, lastYear = 2000, 2199

// firstDays are the first days of the years, and the day after the last year.
var firstDays = func() (all [lastYear - firstYear + 2]date) {
	for i := range all {
		all[i] = dateOf(newYear(firstYear + i))
	}
	return all
}()

// The years in UTC span firstInstant up to, but not including, endInstant.
var firstInstant, endInstant = newYear(firstYear).Unix(), newYear(lastYear + 1).Unix()

// Reckoned reports whether an instant lies within the calendar's years. Others are never
// computed, since their day numbers can overflow.
func Reckoned(at time.Time) bool { return firstInstant <= at.Unix() && at.Unix() < endInstant }

// yearOf returns the year of a day and the day's index within it. It returns false outside
// the calendar's years.
func yearOf(d date) (year, index int, ok bool) {
	if d < firstDays[0] || d >= firstDays[len(firstDays)-1] {
		return 0, 0, false
	}
	i := int(d-firstDays[0]) / 366
	if d >= firstDays[i+1] {
		i++
	}
	return firstYear + i, int(d - firstDays[i]), true
}

func newYear(year int) time.Time { return time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC) }
