package rota

import (
	"fmt"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/directory/schedule"
)

// windowsZones are what Outlook calls the zones of the Nordic countries.
var windowsZones = map[string]string{
	"Romance Standard Time":        "Europe/Copenhagen",
	"W. Europe Standard Time":      "Europe/Oslo",
	"Central Europe Standard Time": "Europe/Oslo",
	"FLE Standard Time":            "Europe/Helsinki",
	"Greenwich Standard Time":      "Atlantic/Reykjavik",
	"GMT Standard Time":            "Atlantic/Faroe",
}

// isDay says whether the property is a day without a time.
func (p property) isDay() bool {
	return strings.EqualFold(p.param("VALUE"), "DATE") || len(p.Value) == len("20061224")
}

func (p property) day() (Date, error) {
	t, err := time.Parse("20060102", p.Value)
	if err != nil {
		return 0, fmt.Errorf("%.40q is no date; write for example 20261224", p.Value)
	}
	return DateOf(t), nil
}

// instant reads a time in UTC, in a zone that it names, or in the one given. A zone is
// known by its name; what a calendar says of its own about it is not read.
func (p property) instant(zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(icalUTC, p.Value); err == nil {
		return t.In(zone), nil
	}
	shown, err := time.Parse("20060102T150405", p.Value)
	if err != nil {
		return time.Time{}, fmt.Errorf("%.40q is no time; write for example 20261224T170000Z", p.Value)
	}
	own, err := p.zone(zone)
	if err != nil {
		return time.Time{}, err
	}
	return firstAt(wallOf(shown), own).In(zone), nil
}

func (p property) zone(otherwise *time.Location) (*time.Location, error) {
	name := p.param("TZID")
	if name == "" {
		return otherwise, nil
	}
	if iana, ok := windowsZones[name]; ok {
		name = iana
	}
	zone := schedule.Zone(name)
	if zone == nil {
		return nil, fmt.Errorf("there is no time zone %.60q; write one of the IANA database, for example %s", name, wantZone)
	}
	return zone, nil
}
