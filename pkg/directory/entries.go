package directory

import (
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/openinghours"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Directory holds lines, precomputed for fast decisions, and what is currently known of each.
// It is immutable and safe for concurrent use. Callers must not change the values in it.
type Directory struct {
	entries []*entry // sorted by id
	rows    rows     // of the entries
	basis   basis
	lists   lists
}

type entry struct {
	facts
	live  Live
	times openinghours.Times
	seats [fit.LastSeated + 1]Seats
}

func entryOf(f facts, live Live) *entry {
	e := &entry{facts: f, live: live, times: f.hours.Now(live.Closures, live.Staffing)}
	for channel, seats := range live.Seats {
		if HasSeats(channel) {
			e.seats[channel] = seats
		}
	}
	return e
}

// New compiles a directory from the lines alone, without live state. Line names must be
// unique.
func New(lines []*handoverv1.Line, options ...Option) *Directory {
	d := &Directory{basis: basisOf(options)}
	for _, line := range lines {
		d.entries = append(d.entries, entryOf(d.lists.factsOf(line), Live{}))
	}
	slices.SortFunc(d.entries, func(a, b *entry) int { return strings.Compare(a.id, b.id) })
	d.rows = rowsOf(d.entries)
	return d
}

// With returns the directory with this line under that id, or without the line if it is nil.
// It shares the compiled form of all other lines, and of this one too if line is the same
// pointer as before, so that only live changes.
func (d *Directory) With(id string, line *handoverv1.Line, live Live) *Directory {
	place, known := d.find(id)
	with := &Directory{entries: slices.Clone(d.entries), rows: d.rows, lists: d.lists, basis: d.basis}
	switch {
	case line == nil && known:
		with.entries = slices.Delete(with.entries, place, place+1)
		with.rows = rowsOf(with.entries)
	case line == nil:
	case known && d.entries[place].line == line:
		with.put(place, entryOf(d.entries[place].facts, live))
	default:
		with.lists = d.lists.clone()
		put := entryOf(with.lists.factsOf(line), live)
		if known {
			with.put(place, put)
		} else {
			with.entries = slices.Insert(with.entries, place, put)
			with.rows = rowsOf(with.entries)
		}
	}
	return with
}

// put replaces a line.
func (d *Directory) put(place int, e *entry) {
	d.entries[place], d.rows = e, d.rows.with(place, e)
}

// Lines returns all lines, sorted by id.
func (d *Directory) Lines() []*handoverv1.Line {
	lines := make([]*handoverv1.Line, len(d.entries))
	for i, e := range d.entries {
		lines[i] = e.line
	}
	return lines
}

// Line returns the line with an id, or nil.
func (d *Directory) Line(id string) *handoverv1.Line {
	if e := d.entry(id); e != nil {
		return e.line
	}
	return nil
}

// Live returns what is currently known of a line, zero for an unknown line.
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

// known returns the entries of those ids that the directory has.
func (d *Directory) known(ids []string) (entries []*entry) {
	for _, id := range ids {
		if e := d.entry(id); e != nil {
			entries = append(entries, e)
		}
	}
	return entries
}

// find returns the index of a line, or where it would be inserted.
func (d *Directory) find(id string) (int, bool) {
	return slices.BinarySearchFunc(d.entries, id, func(e *entry, id string) int { return strings.Compare(e.id, id) })
}
