package rota

import (
	"time"

	"github.com/stafett/stafett/pkg/yamlread"
)

const (
	wantCovers = wantDate + ": odder"
	wantSwap   = "[2026-12-24, 2026-12-31]"
	wantSick   = "{unit: odder, from: " + wantInstant + ", until: 2026-12-25 08:00}"
)

func (r *Rota) readOverrides(fields yamlread.Fields) {
	if covers, ok := fields.Get("covers"); ok {
		r.readCovers(covers)
	}
	if parts, ok := fields.Get("parts"); ok {
		for _, member := range parts.List(wantPart) {
			r.readPart(member)
		}
	}
	if swaps, ok := fields.Get("swaps"); ok {
		for _, member := range swaps.List(wantSwap) {
			r.readSwap(member)
		}
	}
	if sick, ok := fields.Get("sick"); ok {
		for _, member := range sick.List(wantSick) {
			r.readSick(member)
		}
	}
}

// override applies an action from a file, for which nothing counts as past.
func (r *Rota) override(at yamlread.Value, action Action) {
	if !r.whole() {
		return
	}
	if err := action.apply(r, time.Time{}); err != nil {
		at.Refuse("%v", err)
	}
}

func (r *Rota) readCovers(list yamlread.Value) {
	for _, entry := range list.Entries(wantCovers) {
		date, err := ParseDate(entry.Key)
		if err != nil {
			entry.At.Refuse("%q is not a date; write for example %s", entry.Key, wantCovers)
		}
		unit, ok := r.readCover(entry.Value)
		if ok && err == nil {
			r.override(entry.At, Cover{Date: date, Unit: unit})
		}
	}
}

func (r *Rota) readCover(value yamlread.Value) (Unit, bool) {
	if text, ok := value.Text("odder"); !ok || text == nobody {
		return Nobody, ok
	}
	return r.readMember(value)
}

func (r *Rota) readSwap(value yamlread.Value) {
	var dates []Date
	members := value.List(wantSwap)
	for _, member := range members {
		if date, ok := readDate(member); ok {
			dates = append(dates, date)
		}
	}
	switch {
	case len(members) > 0 && len(members) != 2:
		value.Refuse("a swap has %d dates; write two, for example %s", len(members), wantSwap)
	case len(dates) == 2:
		r.override(value, Swap{dates[0], dates[1]})
	}
}

func (r *Rota) readSick(value yamlread.Value) {
	fields := value.Fields("unit", "from", "until")
	unit, known := r.readMember(fields.Need("unit", "odder"))
	from, begins := r.readInstant(fields.Need("from", wantInstant))
	until, ends := r.readInstant(fields.Need("until", wantInstant))
	if known && begins && ends {
		r.override(value, Sick{unit, from, until})
	}
}

func (r *Rota) readInstant(value yamlread.Value) (time.Time, bool) {
	text, ok := value.Text(wantInstant)
	if !ok {
		return time.Time{}, false
	}
	if exact, err := time.Parse(time.RFC3339, text); err == nil {
		return exact, true
	}
	shown, err := time.Parse(wallLayout, text)
	if err != nil {
		value.Refuse("%q is not a time in the rota's zone; write for example %s", text, wantInstant)
		return time.Time{}, false
	}
	if r.zone == nil {
		return time.Time{}, false
	}
	return firstAt(wallOf(shown), r.zone), true
}
