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

// wall is what the clock on the wall shows, as seconds since it showed the beginning
// of 1970.
type wall int64

// date is a day of the calendar: days since 1 January 1970.
type date int32

// dateOf is negative before 1970, as dates are.
func (w wall) date() date {
	days := w / day
	if w < 0 && w%day != 0 {
		days--
	}
	return date(days)
}

// at is the wall time some minutes after the day's midnight.
func (d date) at(minutes int32) wall { return wall(d)*day + wall(minutes)*minute }

// weekday is 0 on Monday and 6 on Sunday. 1 January 1970 was a Thursday.
func (d date) weekday() int { return int((d%7 + 7 + 3) % 7) }

// time is midnight of the day as the recurrence library sees days: in UTC.
func (d date) time() time.Time { return time.Unix(int64(d)*day, 0).UTC() }

func dateOf(t time.Time) date { return wall(t.Unix()).date() }

// wallOf is what the wall shows at an instant.
func wallOf(t time.Time, zone *time.Location) wall {
	_, offset := t.In(zone).Zone()
	return wall(t.Unix() + int64(offset))
}

// zones holds each *time.Location that was found, since looking one up reads files.
var zones sync.Map

// Zone is the time zone of an IANA name, and nil for one that is not known. The empty
// name and Local are not known: they would mean whatever the machine is set to. Nor is
// what begins with posix/ or right/: some machines have such folders and others have not.
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
