package rota

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// File writes the rota as a file, including the effect of all changes that has not ended at
// an instant. A rota that is read from it gives the same shifts from then on. The file omits
// who made the changes and the comments of the earlier file.
func (r *Rota) File(from time.Time) []byte {
	w := &writer{rota: r}
	w.line("# What holds from %s on.", r.tell(from))
	w.line("version: %s", scalar(r.version))
	w.line("line: %s", scalar(r.line))
	w.line("zone: %s", scalar(r.zone.String()))
	w.line("shift: %s", r.window)
	w.units()
	w.rotation()
	w.dated(from)
	w.absences(from)
	return w.text.Bytes()
}

type writer struct {
	rota *Rota
	text bytes.Buffer
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.text, format+"\n", args...) }

// list writes entries below a key. It writes nothing if there are none.
func (w *writer) list(key string, entries []string) {
	if len(entries) == 0 {
		return
	}
	w.line("%s:", key)
	for _, entry := range entries {
		w.line("  %s", entry)
	}
}

func (w *writer) units() {
	var entries []string
	for _, unit := range w.rota.units {
		var names []string
		for _, lang := range slices.Sorted(maps.Keys(w.rota.names[unit])) {
			names = append(names, scalar(lang)+": "+strconv.Quote(w.rota.names[unit][lang]))
		}
		entries = append(entries, fmt.Sprintf("%s: {%s}", scalar(string(unit)), strings.Join(names, ", ")))
	}
	w.list("units", entries)
}

func (w *writer) rotation() {
	r := w.rota.rotation
	entries := []string{"first: " + r.first.String(), "shifts: " + scalar(r.shifts)}
	if r.turning != "" {
		entries = append(entries, "turns: "+scalar(r.turning))
	}
	entries = append(entries, "order:")
	for _, unit := range r.order {
		entries = append(entries, "  - "+scalar(string(unit)))
	}
	w.list("rotation", entries)
}

// dated writes a date that one unit covers in the short form, and others part by part.
func (w *writer) dated(from time.Time) {
	var covers, parts []string
	for _, date := range slices.Sorted(maps.Keys(w.rota.dated)) {
		start, end := w.rota.window.on(date, w.rota.zone)
		had := w.rota.dated[date]
		switch {
		case !end.After(from):
		case len(had) == 1 && had[0].why == Covered:
			covers = append(covers, fmt.Sprintf("%s: %s", date, member(had[0].unit)))
		default:
			parts = append(parts, w.parts(date, start)...)
		}
	}
	w.list("covers", covers)
	w.list("parts", parts)
}

func (w *writer) parts(date Date, start time.Time) (entries []string) {
	had := w.rota.dated[date]
	for i, p := range had {
		if p.why == Rotation {
			continue
		}
		entry := fmt.Sprintf("- {date: %s, unit: %s", date, member(p.unit))
		if p.from.After(start) {
			entry += ", from: " + w.instant(p.from)
		}
		if i+1 < len(had) {
			entry += ", until: " + w.instant(had[i+1].from)
		}
		if p.why == Swapped {
			entry += ", why: " + string(Swapped)
		}
		entries = append(entries, entry+"}")
	}
	return entries
}

// absences writes those that last, and one that ended when the shift under way began: without it the
// shift would begin earlier.
func (w *writer) absences(from time.Time) {
	var entries []string
	shift, _ := w.rota.Staffs(from)
	for _, a := range w.rota.absences {
		if a.until.After(from) || a.until.Equal(shift.Start) {
			entries = append(entries, fmt.Sprintf("- {unit: %s, from: %s, until: %s}", scalar(string(a.unit)), w.instant(a.from), w.instant(a.until)))
		}
	}
	w.list("sick", entries)
}
