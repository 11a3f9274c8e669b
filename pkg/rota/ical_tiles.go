package rota

import (
	"fmt"
	"time"

	"github.com/stafett/stafett/pkg/rota/ical"
)

// maxDays limits how long one event lasts, in days.
const maxDays = 366

// tile is the part of a date's shift that an event gives to a unit.
type tile struct {
	date        Date
	unit        Unit
	from, until time.Time
	event       *ical.Event
}

// tiles returns the tiles of an event that counts.
func (r *Rota) tiles(e *ical.Event) ([]tile, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	unit, ok := r.unitNamed(e.Summary())
	if !ok {
		return nil, fmt.Errorf("SUMMARY %.80q names no unit; write one of %s, or %s", e.Summary(), r.listUnits(), nobody)
	}
	if e.AllDay() {
		return r.dayTiles(e, unit)
	}
	found, err := r.timeTile(e, unit)
	return []tile{found}, err
}

// dayTiles gives the unit every shift that begins on the event's days.
func (r *Rota) dayTiles(e *ical.Event, unit Unit) ([]tile, error) {
	begins, ends, err := e.Days()
	if err != nil {
		return nil, err
	}
	first, end := DateOf(begins), DateOf(ends)
	if end <= first || end > first+maxDays {
		return nil, fmt.Errorf("it lasts from %s until before %s; write 1 to %d days", first, end, maxDays)
	}
	var tiles []tile
	for date := first; date < end; date++ {
		if start, until, err := r.shiftOn(date); err == nil {
			tiles = append(tiles, tile{date, unit, start, until, e})
		}
	}
	if len(tiles) == 0 {
		return nil, fmt.Errorf("there is no shift from %s until before %s; name days of the rotation", first, end)
	}
	return tiles, nil
}

// timeTile gives the unit the time of the event, which must lie within one shift.
func (r *Rota) timeTile(e *ical.Event, unit Unit) (tile, error) {
	from, until, err := e.Times(r.zone)
	if err != nil {
		return tile{}, err
	}
	if !from.Before(until) {
		return tile{}, fmt.Errorf("it ends at %s, not after it begins; write DTEND after DTSTART", r.tell(until))
	}
	for _, date := range []Date{DateOf(from), DateOf(from) - 1} {
		start, end, err := r.shiftOn(date)
		if err == nil && !from.Before(start) && !until.After(end) {
			return tile{date, unit, from, until, e}, nil
		}
	}
	return tile{}, fmt.Errorf("from %s until %s is not within a shift; %s", r.tell(from), r.tell(until), r.tellShift(DateOf(from)))
}

// tellShift suggests what the author may have meant.
func (r *Rota) tellShift(date Date) string {
	start, end, err := r.shiftOn(date)
	if err != nil {
		return fmt.Sprintf("there is none on %s", date)
	}
	return fmt.Sprintf("write %s until %s", r.tell(start), r.tell(end))
}
