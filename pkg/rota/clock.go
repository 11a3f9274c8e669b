package rota

import "time"

// wall is what a clock on the wall shows, in seconds since that clock showed 1970-01-01
// 00:00, whatever the zone.
type wall int64

func (d Date) at(minute int) wall { return wall(int64(d)*daySeconds + int64(minute)*60) }

func wallOf(t time.Time) wall {
	_, offset := t.Zone()
	return wall(t.Unix() + int64(offset))
}

// repeats exceeds the largest step by which clocks were ever put back.
const repeats = 25 * time.Hour

// firstAt returns the first instant at which clocks in the zone show w or have passed it.
func firstAt(w wall, zone *time.Location) time.Time {
	u := time.Unix(int64(w), 0).UTC()
	chosen := time.Date(u.Year(), u.Month(), u.Day(), u.Hour(), u.Minute(), u.Second(), 0, zone)
	since, until := chosen.ZoneBounds()
	switch shown := wallOf(chosen); {
	case shown > w:
		return since
	case shown < w:
		return until
	case since.IsZero() || chosen.Sub(since) > repeats:
		return chosen
	}
	_, before := since.Add(-time.Second).Zone()
	if earlier := time.Unix(int64(w)-int64(before), 0).In(zone); earlier.Before(since) {
		return earlier
	}
	return chosen
}
