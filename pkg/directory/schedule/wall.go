package schedule

import (
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // The images have no zone files of their own.
)

const (
	minute  = 60
	day     = 24 * 60 * minute
	dayMins = 24 * 60
)

// wall is what the clock on the wall shows, in seconds since it showed the beginning of 1970.
type wall int64

// date is a calendar day, in days since 1 January 1970.
type date int32

// date rounds down, so days before 1970 are negative.
func (w wall) date() date {
	days := w / day
	if w < 0 && w%day != 0 {
		days--
	}
	return date(days)
}

// at returns the wall time some minutes after the day's midnight.
func (d date) at(minutes int32) wall { return wall(d)*day + wall(minutes)*minute }

// weekday returns 0 for Monday to 6 for Sunday. 1 January 1970 was a Thursday.
func (d date) weekday() int { return int((d%7 + 7 + 3) % 7) }

// time returns midnight UTC of the day, which is how the recurrence library represents days.
func (d date) time() time.Time { return time.Unix(int64(d)*day, 0).UTC() }

func dateOf(t time.Time) date { return wall(t.Unix()).date() }

// wallOf returns what the wall shows at an instant.
func wallOf(t time.Time, zone *time.Location) wall {
	_, offset := t.In(zone).Zone()
	return wall(t.Unix() + int64(offset))
}

// zones caches every *time.Location found, because a lookup reads files.
var zones sync.Map

// Zone returns the time zone of an IANA name, or nil if it is unknown. The empty name and
// Local count as unknown, because they depend on the machine's setting. So do names that
// begin with posix/ or right/: only some machines have such folders.
func Zone(name string) *time.Location {
	if found, ok := zones.Load(name); ok {
		return found.(*time.Location)
	}
	if name == "" || name == "Local" || strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/") {
		return nil
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	zones.Store(name, location)
	return location
}
