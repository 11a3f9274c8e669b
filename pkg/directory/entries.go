package directory

import (
	"slices"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Directory is lines with what routing asks of them worked out, for quick decisions, and
// what is known of each at this moment. It does not change and may be used from
// everywhere at once. What is in it must not be changed either.
type Directory struct {
	entries []*entry // in order of their ids
	basis   basis
	lists   lists
}

// entry is one line of a directory.
type entry struct {
	facts
	live  Live
	times times
	seats [lastSeated + 1]Seats
}

func entryOf(f facts, live Live) *entry {
	e := &entry{facts: f, live: live, times: timesOf(f.hours, live)}
	for channel, seats := range live.Seats {
		if HasSeats(channel) {
			e.seats[channel] = seats
		}
	}
	return e
}

// New works out a directory of which nothing is known beyond the lines. No two may have
// the same name.
func New(lines []*handoverv1.Line, options ...Option) *Directory {
	d := &Directory{basis: basisOf(options)}
	for _, line := range lines {
		d.entries = append(d.entries, entryOf(d.lists.factsOf(line), Live{}))
	}
	slices.SortFunc(d.entries, func(a, b *entry) int { return strings.Compare(a.id, b.id) })
	return d
}

// With is the directory with another line of that id, or without one where line is nil.
// What was worked out of all others is shared, and of this one too where line is the
// one that is there already: then only what is known at the moment is another.
func (d *Directory) With(id string, line *handoverv1.Line, live Live) *Directory {
	place, known := d.find(id)
	with := &Directory{entries: slices.Clone(d.entries), lists: d.lists, basis: d.basis}
	switch {
	case line == nil && known:
		with.entries = slices.Delete(with.entries, place, place+1)
	case line == nil:
	case known && d.entries[place].line == line:
		with.entries[place] = entryOf(d.entries[place].facts, live)
	default:
		with.lists = d.lists.clone()
		put := entryOf(with.lists.factsOf(line), live)
		if known {
			with.entries[place] = put
		} else {
			with.entries = slices.Insert(with.entries, place, put)
		}
	}
	return with
}

// Lines are all of them, in order of their ids.
func (d *Directory) Lines() []*handoverv1.Line {
	lines := make([]*handoverv1.Line, len(d.entries))
	for i, e := range d.entries {
		lines[i] = e.line
	}
	return lines
}

// Line is the line with an id, or nil.
func (d *Directory) Line(id string) *handoverv1.Line {
	if e := d.entry(id); e != nil {
		return e.line
	}
	return nil
}

// Live is what is known of a line at the moment. Zero where there is no such line.
func (d *Directory) Live(id string) Live {
	if e := d.entry(id); e != nil {
		return e.live
	}
	return Live{}
}

func (d *Directory) entry(id string) *entry {
	if place, known := d.find(id); known {
		return d.entries[place]
	}
	return nil
}

// find is where a line is, or would be.
func (d *Directory) find(id string) (int, bool) {
	return slices.BinarySearchFunc(d.entries, id, func(e *entry, id string) int { return strings.Compare(e.id, id) })
}
