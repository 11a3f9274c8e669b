package ical

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// duration is calendar days, however long the clocks make them, followed by exact time.
type duration struct {
	days  int
	exact time.Duration
}

var durationPattern = regexp.MustCompile(`^\+?P(?:(\d{1,4})W|(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?)$`)

// duration reads values such as P3D, P1W or PT2H30M.
func (p property) duration() (duration, error) {
	match := durationPattern.FindStringSubmatch(p.code())
	if match == nil || !strings.ContainsAny(match[0], "0123456789") {
		return duration{}, fmt.Errorf("%.40q is not a duration; write for example P3D or PT3H", p.Value)
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(match[i]) // the pattern allows only digits, and few enough
		return n
	}
	exact := time.Duration(number(3))*time.Hour + time.Duration(number(4))*time.Minute + time.Duration(number(5))*time.Second
	return duration{7*number(1) + number(2), exact}, nil
}

const dayHours = 24 * time.Hour

// afterDay returns the day this long after another, given as midnight UTC. Hours must add up
// to whole days.
func (d duration) afterDay(first time.Time) (time.Time, error) {
	if d.exact%dayHours != 0 {
		return time.Time{}, fmt.Errorf("it lasts %d days and %v; write whole days, for example P3D", d.days, d.exact)
	}
	return first.AddDate(0, 0, d.days+int(d.exact/dayHours)), nil
}

// after returns the instant this long after another: first the days, on the clocks of the
// event's start zone, then the exact time.
func (d duration) after(from time.Time, zone *time.Location) time.Time {
	if d.days > 0 {
		local := from.In(zone)
		shown := time.Date(local.Year(), local.Month(), local.Day()+d.days, local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
		from = at(shown, zone)
	}
	return from.Add(d.exact)
}
