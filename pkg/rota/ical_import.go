package rota

import (
	"slices"
	"time"
)

// Import reads an iCalendar and gives the covers that make the rota say the same for
// every date of which the calendar has events. Dates of which it has none stay as
// they are, and so does what it says as the rota does. Each event names in its
// SUMMARY a unit, by its id or its name in any language, or nobody. The events of a
// date fill its shift; an event of whole days stands for the shifts that begin on them.
// At is when the covers will be made: what has begun can only stay.
//
// It is all or nothing: the error joins one [yamlread.Error] per mistake, each with its
// line in the file of that name, up to a hundred of them.
func (r *Rota) Import(name string, text []byte, at time.Time) ([]Cover, error) {
	text, err := calendarText(name, text)
	if err != nil {
		return nil, err
	}
	c := &calendar{name: name}
	c.readEvents(string(text))
	if len(c.mistakes) > 0 {
		return nil, c.err()
	}
	covers := c.covers(r, c.dates(r), at)
	if len(c.mistakes) > 0 {
		return nil, c.err()
	}
	return covers, nil
}

// dates sorts what the events say by date and time.
func (c *calendar) dates(r *Rota) [][]tile {
	all := c.tiles(r)
	slices.SortStableFunc(all, func(a, b tile) int { return a.from.Compare(b.from) })
	var dates [][]tile
	for i, t := range all {
		if i == 0 || all[i-1].date != t.date {
			dates = append(dates, nil)
		}
		last := len(dates) - 1
		dates[last] = append(dates[last], t)
	}
	return dates
}

func (c *calendar) tiles(r *Rota) []tile {
	var all []tile
	for _, e := range c.events {
		tiles, err := r.tiles(e)
		if err != nil {
			c.refuse(e.line, "%s: %v", e.title(), err)
			continue
		}
		all = append(all, tiles...)
		if len(all) > maxEvents {
			c.refuse(e.line, "%s: the events up to here stand for more than %d shifts; export fewer years at a time", e.title(), maxEvents)
			return nil
		}
	}
	return all
}

// covers are what must be done for the rota to say what the calendar says.
func (c *calendar) covers(r *Rota, dates [][]tile, at time.Time) []Cover {
	var covers []Cover
	trial := r.clone()
	for _, tiles := range dates {
		if !c.fill(r, tiles) {
			continue
		}
		for _, t := range tiles {
			if r.says(t) {
				continue
			}
			cover := Cover{t.date, t.unit, t.from, t.until}
			if err := cover.apply(trial, at); err != nil {
				c.refuse(t.event.line, "%s: %v", t.event.title(), err)
			}
			covers = append(covers, cover)
		}
	}
	return covers
}

// fill says whether the tiles of a date fill its shift, and refuses them where not.
func (c *calendar) fill(r *Rota, tiles []tile) bool {
	begin, end, _ := r.shiftOn(tiles[0].date)
	last := tiles[0].event
	before := len(c.mistakes)
	for _, t := range tiles {
		switch {
		case t.from.Before(begin):
			c.refuse(t.event.line, "%s overlaps %s of line %d; end one where the other begins", t.event.title(), last.title(), last.line)
		case t.from.After(begin):
			c.refuse(t.event.line, "%s begins at %s and leaves the shift without an event from %s on; write one, for %s if it is closed", t.event.title(), r.tell(t.from), r.tell(begin), nobody)
		}
		begin, last = latest(begin, t.until), t.event
	}
	if begin.Before(end) {
		c.refuse(last.line, "%s ends at %s, before the shift does at %s; write an event for the rest, for %s if it is closed", last.title(), r.tell(begin), r.tell(end), nobody)
	}
	return len(c.mistakes) == before
}

// says tells whether the rota gives the time to the same unit already.
func (r *Rota) says(t tile) bool {
	for s := range r.day(t.date) {
		if s.Unit != t.unit && s.Start.Before(t.until) && s.End.After(t.from) {
			return false
		}
	}
	return true
}
