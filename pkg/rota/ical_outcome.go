package rota

import (
	"time"

	"github.com/stafett/stafett/pkg/rota/ical"
)

// Import is what a calendar changes, and the outcome of each of its events.
type Import struct {
	Covers []Cover
	Events []Outcome // in the order of the calendar
}

// The outcomes of a firm event. Other events keep their [ical.Standing].
const (
	Covers ical.Standing = "COVERS" // it gives shifts to another unit
	Same   ical.Standing = "SAME"   // the rota already agrees
)

// Outcome is the outcome of one event.
type Outcome struct {
	Line    int // where it begins
	UID     string
	Summary string
	Result  ical.Standing
	// Newer is the line of the event that replaces or cancels this one, or 0.
	Newer int
	// Shifts counts the shifts, or parts of shifts, that the event covers, and Changed those
	// that it gives to another unit, from From until Until.
	Shifts, Changed int
	From, Until     time.Time
}

// outcomes returns the outcome of each event.
func outcomes(events []*ical.Event, dates [][]tile, covers []Cover) []Outcome {
	all := make([]Outcome, len(events))
	of := map[*ical.Event]*Outcome{}
	for i, e := range events {
		all[i] = Outcome{Line: e.Line, UID: e.UID(), Summary: e.Summary(), Result: e.Standing}
		if e.Newer != nil {
			all[i].Newer = e.Newer.Line
		}
		of[e] = &all[i]
	}
	changed := map[Cover]bool{}
	for _, cover := range covers {
		changed[cover] = true
	}
	for _, tiles := range dates {
		for _, t := range tiles {
			of[t.event].add(t, changed[t.cover()])
		}
	}
	return all
}

func (o *Outcome) add(t tile, changed bool) {
	o.Shifts++
	o.Result = Same
	if changed {
		o.Changed++
	}
	if o.Changed > 0 {
		o.Result = Covers
	}
	if o.From.IsZero() {
		o.From = t.from
	}
	o.Until = t.until
}

func (t tile) cover() Cover { return Cover{t.date, t.unit, t.from, t.until} }
