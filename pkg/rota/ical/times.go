package ical

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/stafett/stafett/pkg/directory/schedule"
)

const (
	dayLayout  = "20060102"
	timeLayout = "20060102T150405"
	utcLayout  = "20060102T150405Z"
)

// isDay reports whether the property is a day without a time.
func (p property) isDay() bool {
	if p.BaseProperty == nil {
		return false
	}
	if kind := p.param("VALUE"); kind != "" {
		return strings.EqualFold(kind, "DATE")
	}
	return len(p.code()) == len(dayLayout)
}

// day returns midnight UTC of the day.
func (p property) day() (time.Time, error) {
	t, err := time.Parse(dayLayout, p.code())
	if err != nil {
		return t, fmt.Errorf("%.40q is not a date; write for example 20261224", p.Value)
	}
	return t, nil
}

// instant reads a time in UTC, in the zone that it names, or in the given one. A zone is
// looked up by name; the calendar's own definition of it is ignored.
func (p property) instant(zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(utcLayout, p.code()); err == nil {
		return t.In(zone), nil
	}
	shown, err := time.Parse(timeLayout, p.code())
	if err != nil || p.isDay() {
		return time.Time{}, fmt.Errorf("%.40q is not a time; write for example 20261224T170000Z", p.Value)
	}
	own, err := p.zone(zone)
	if err != nil {
		return time.Time{}, err
	}
	return at(shown, own).In(zone), nil
}

// at returns the instant at which clocks in the zone show what shown shows in UTC. Following
// RFC 5545, it is the first one if they show it twice; if they skip it, it is the one at
// which they would have shown it without the change.
func at(shown time.Time, zone *time.Location) time.Time {
	chosen := time.Date(shown.Year(), shown.Month(), shown.Day(), shown.Hour(), shown.Minute(), shown.Second(), 0, zone)
	earliest := chosen
	for _, near := range []time.Time{chosen.Add(-26 * time.Hour), chosen.Add(26 * time.Hour)} {
		_, offset := near.Zone()
		other := shown.Add(-time.Duration(offset) * time.Second).In(zone)
		if shows(other, shown) && other.Before(earliest) {
			earliest = other
		}
	}
	if shows(earliest, shown) {
		return earliest
	}
	_, before := chosen.Add(-26 * time.Hour).Zone()
	return shown.Add(-time.Duration(before) * time.Second).In(zone)
}

// shows reports whether clocks show the same at t as shown does in UTC.
func shows(t, shown time.Time) bool {
	_, offset := t.Zone()
	return t.Unix()+int64(offset) == shown.Unix()
}

func (p property) zone(otherwise *time.Location) (*time.Location, error) {
	name := strings.TrimSpace(p.param("TZID"))
	switch {
	case p.utc():
		return time.UTC, nil
	case name == "":
		return otherwise, nil
	case zoneNamed(name) != nil:
		return zoneNamed(name), nil
	}
	return nil, fmt.Errorf("there is no time zone %.60q; write one of the IANA database, for example Europe/Copenhagen", name)
}

func (p property) utc() bool { return strings.HasSuffix(p.code(), "Z") }

// windowsZones maps Outlook's names of the Nordic zones, in lower case, to IANA names.
var windowsZones = map[string]string{
	"romance standard time":        "Europe/Copenhagen",
	"w. europe standard time":      "Europe/Oslo",
	"central europe standard time": "Europe/Oslo",
	"fle standard time":            "Europe/Helsinki",
	"greenwich standard time":      "Atlantic/Reykjavik",
	"gmt standard time":            "Atlantic/Faroe",
}

// zoneNamed finds an IANA or Outlook zone and ignores case. Some programs put their own
// registry before the name, for example /citadel.org/20210210/Europe/Oslo.
func zoneNamed(name string) *time.Location {
	if iana, ok := windowsZones[strings.ToLower(name)]; ok {
		name = iana
	}
	parts := strings.Split(strings.TrimPrefix(name, "/"), "/")
	if strings.HasPrefix(name, "/") && len(parts) > 2 {
		parts = parts[len(parts)-2:]
	}
	name = strings.Join(parts, "/")
	for _, written := range []string{name, strings.ToUpper(name), capitals(name)} {
		if zone := schedule.Zone(written); zone != nil {
			return zone
		}
	}
	return nil
}

// capitals capitalizes each word, as most zone names in the database do.
func capitals(name string) string {
	begins := true
	return strings.Map(func(r rune) rune {
		first := begins
		begins = r == '/' || r == '_' || r == '-'
		if first {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, name)
}
