package rota

import (
	"errors"
	"fmt"
	"time"
)

// maxDays is how many days one event may last.
const maxDays = 366

// tile is the part of a date's shift that an event gives to a unit.
type tile struct {
	date        Date
	unit        Unit
	from, until time.Time
	event       *event
}

// tiles are what one event says; none where it was cancelled.
func (r *Rota) tiles(e *event) ([]tile, error) {
	if e.text("STATUS") == "CANCELLED" {
		return nil, nil
	}
	if err := e.checkOnce(); err != nil {
		return nil, err
	}
	unit, ok := r.unitNamed(e.text("SUMMARY"))
	if !ok {
		return nil, fmt.Errorf("SUMMARY %.80q names no unit; write one of %s, or %s", e.text("SUMMARY"), r.listUnits(), nobody)
	}
	if start := e.props["DTSTART"]; start.isDay() {
		return r.dayTiles(e, unit)
	}
	found, err := r.timeTile(e, unit)
	return []tile{found}, err
}

func (e *event) checkOnce() error {
	for _, name := range recurring {
		if _, ok := e.props[name]; ok {
			return fmt.Errorf("it recurs (%s), but the rotation does that; write an event for each shift", name)
		}
	}
	for _, name := range []string{"SUMMARY", "DTSTART"} {
		if _, ok := e.props[name]; !ok {
			return fmt.Errorf("%s is missing; write it", name)
		}
	}
	start := e.props["DTSTART"]
	if _, ok := e.props["DTEND"]; !ok && !start.isDay() {
		return errors.New("DTEND is missing; write when it ends, not DURATION")
	}
	return nil
}

// dayTiles gives the unit every shift that begins on days of the event.
func (r *Rota) dayTiles(e *event, unit Unit) ([]tile, error) {
	first, err := e.props["DTSTART"].day()
	if err != nil {
		return nil, err
	}
	end := first + 1
	if given, ok := e.props["DTEND"]; ok {
		if end, err = given.day(); err != nil {
			return nil, err
		}
	}
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

// timeTile gives the unit the time of the event, which lies within one shift.
func (r *Rota) timeTile(e *event, unit Unit) (tile, error) {
	from, err := e.props["DTSTART"].instant(r.zone)
	if err != nil {
		return tile{}, err
	}
	until, err := e.props["DTEND"].instant(r.zone)
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

// tellShift says what the writer may have meant.
func (r *Rota) tellShift(date Date) string {
	start, end, err := r.shiftOn(date)
	if err != nil {
		return fmt.Sprintf("there is none on %s", date)
	}
	return fmt.Sprintf("write %s until %s", r.tell(start), r.tell(end))
}
