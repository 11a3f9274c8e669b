package rota

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/rota/ical"
)

// Import reads an iCalendar and returns the covers that make the rota agree with it on every
// date for which the calendar has events that count. Other dates stay unchanged. Each event's
// SUMMARY names a unit, by its id or its name in any language, or nobody. The events of a date
// must fill its shift; an all-day event stands for the shifts that begin on its days. At is
// when the covers will be applied: whatever has begun by then cannot change.
//
// Import is all or nothing: the error joins one [yamlread.Error] per mistake, up to a hundred,
// each with its line in the named file.
func (r *Rota) Import(name string, text []byte, at time.Time) (*Import, error) {
	c := &calendar{Mistakes: ical.Mistakes{File: name}}
	c.events = ical.Read(text, &c.Mistakes)
	if c.Len() > 0 {
		return nil, c.Err()
	}
	dates := c.dates(r)
	covers := c.covers(r, dates, at)
	if c.Len() > 0 {
		return nil, c.Err()
	}
	return &Import{covers, outcomes(c.events, dates, covers)}, nil
}

// calendar is one iCalendar that is being imported.
type calendar struct {
	ical.Mistakes
	events []*ical.Event
}

// dates groups the events' tiles by date and sorts them by time.
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
		if e.Standing != ical.Firm || c.Len() >= ical.MaxMistakes {
			continue
		}
		tiles, err := r.tiles(e)
		if err != nil {
			c.Refuse(e.Line, "%s: %v", e, err)
			continue
		}
		all = append(all, tiles...)
		if len(all) > ical.MaxEvents {
			c.Refuse(e.Line, "%s: the events up to here stand for more than %d shifts; export fewer years at a time", e, ical.MaxEvents)
			return nil
		}
	}
	return all
}

// covers returns the covers that make the rota agree with the calendar.
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
			cover := t.cover()
			if err := cover.apply(trial, at); err != nil {
				c.Refuse(t.event.Line, "%s: %v", t.event, err)
			}
			covers = append(covers, cover)
		}
	}
	return covers
}

// fill reports whether the tiles of a date fill its shift, and refuses them otherwise.
func (c *calendar) fill(r *Rota, tiles []tile) bool {
	begin, end, _ := r.shiftOn(tiles[0].date)
	last := tiles[0].event
	before := c.Len()
	for _, t := range tiles {
		switch {
		case t.from.Before(begin):
			c.Refuse(t.event.Line, "%s overlaps %s of line %d; end one where the other begins", t.event, last, last.Line)
		case t.from.After(begin):
			c.Refuse(t.event.Line, "%s begins at %s and leaves the shift without an event from %s on; write one, for %s if it is closed", t.event, r.tell(t.from), r.tell(begin), nobody)
		}
		begin, last = latest(begin, t.until), t.event
	}
	if begin.Before(end) {
		c.Refuse(last.Line, "%s ends at %s, before the shift does at %s; write an event for the rest, for %s if it is closed", last, r.tell(begin), r.tell(end), nobody)
	}
	return c.Len() == before
}

// says reports whether the rota already gives the time to the same unit.
func (r *Rota) says(t tile) bool {
	for s := range r.day(t.date) {
		if s.Unit != t.unit && s.Start.Before(t.until) && s.End.After(t.from) {
			return false
		}
	}
	return true
}
