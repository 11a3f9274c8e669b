// Package localtime reads instants and dates as people of a place write them.
package localtime

import (
	"fmt"
	"time"
)

// Zone loads the time zone of an IANA name. It never uses the machine's setting.
func Zone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, fmt.Errorf("%q is not a time zone; use an IANA name, for example Europe/Oslo", name)
	}
	return zone, nil
}

// Instant reads 21:00 as a time of the day that now is on in the zone,
// 2026-11-23 21:00 as a time there, to the second if need be, and RFC 3339 as it is. A time that clocks skip or
// show twice is refused.
func Instant(text string, now time.Time, zone *time.Location) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	shown, err := time.Parse("15:04", text)
	if err == nil {
		today := now.In(zone)
		return once(text, today.Year(), today.Month(), today.Day(), shown, zone)
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05"} {
		if shown, err = time.Parse(layout, text); err == nil {
			return once(text, shown.Year(), shown.Month(), shown.Day(), shown, zone)
		}
	}
	return time.Time{}, fmt.Errorf(`%q is not a valid time; use for example 21:00 (today in %s), "2026-11-23 21:00", or RFC 3339: 2026-11-23T21:00:00+01:00`, text, zone)
}

// once is the only instant at which clocks of the zone show a day and a time.
func once(text string, year int, month time.Month, day int, clock time.Time, zone *time.Location) (time.Time, error) {
	at := time.Date(year, month, day, clock.Hour(), clock.Minute(), clock.Second(), 0, zone)
	if at.Hour() != clock.Hour() || at.Minute() != clock.Minute() {
		return at, fmt.Errorf("clocks in %s skip %s; use another time", zone, text)
	}
	for _, other := range []time.Time{at.Add(-time.Hour), at.Add(time.Hour)} {
		if other.Hour() == at.Hour() {
			return at, fmt.Errorf("clocks in %s show %s twice; give its offset: %s or %s",
				zone, text, at.Format(time.RFC3339), other.Format(time.RFC3339))
		}
	}
	return at, nil
}

// Day is the first instant of a day such as 2026-11-23 in the zone.
func Day(text string, zone *time.Location) (time.Time, error) {
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return day, fmt.Errorf("%q is not a valid date; use for example 2026-11-23", text)
	}
	return day, nil
}
