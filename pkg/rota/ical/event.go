package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Event is one VEVENT.
type Event struct {
	Line int
	// Standing says whether the event counts. What does not count need not be sound.
	Standing Standing
	// Newer is the event that replaces this one, where Standing is [Superseded], or
	// that cancels it with others.
	Newer *Event

	method   *property
	props    map[string]property
	revision revision
}

// UID is the event's identity, the same in all its revisions. It may be missing.
func (e *Event) UID() string { return e.text("UID") }

// Summary is what the event says to people.
func (e *Event) Summary() string { return e.text("SUMMARY") }

func (e *Event) text(name string) string {
	if prop, ok := e.props[name]; ok {
		return strings.TrimSpace(prop.Value)
	}
	return ""
}

func (e *Event) has(name string) bool {
	_, ok := e.props[name]
	return ok
}

// recurs tells whether the event is many.
func (e *Event) recurs() bool { return slices.ContainsFunc(recurring, e.has) }

// Check refuses an event that is many, or lacks what every event of a rota needs.
func (e *Event) Check() error {
	for _, name := range recurring {
		if e.has(name) {
			return fmt.Errorf("it recurs (%s), but the rotation does that; write an event for each shift", name)
		}
	}
	if e.props["RECURRENCE-ID"].line > 0 && e.props["RECURRENCE-ID"].param("RANGE") != "" {
		return errors.New("it changes all events from a date on (RANGE), but the rotation recurs; write an event for each shift")
	}
	for _, name := range []string{"SUMMARY", "DTSTART"} {
		if !e.has(name) {
			return fmt.Errorf("%s is missing; write it", name)
		}
	}
	if e.has("DTEND") && e.has("DURATION") {
		return errors.New("it has DTEND and DURATION; keep one of them")
	}
	if !e.AllDay() && !e.has("DTEND") && !e.has("DURATION") {
		return errors.New("DTEND is missing; write when it ends, or DURATION")
	}
	return nil
}

// AllDay says whether the event lasts whole days, without times.
func (e *Event) AllDay() bool { return e.props["DTSTART"].isDay() }

// Days are the first day of an event of whole days, and the one after the last, each
// at midnight UTC.
func (e *Event) Days() (first, end time.Time, err error) {
	if first, err = e.props["DTSTART"].day(); err != nil {
		return first, end, err
	}
	switch {
	case e.has("DTEND"):
		end, err = e.props["DTEND"].day()
	case e.has("DURATION"):
		var lasts duration
		if lasts, err = e.props["DURATION"].duration(); err == nil {
			end, err = lasts.afterDay(first)
		}
	default:
		end = first.AddDate(0, 0, 1)
	}
	return first, end, err
}

// Times are when the event begins and ends. Times without a zone are in the one given.
func (e *Event) Times(zone *time.Location) (from, until time.Time, err error) {
	if from, err = e.props["DTSTART"].instant(zone); err != nil {
		return from, until, err
	}
	if e.has("DTEND") {
		until, err = e.props["DTEND"].instant(zone)
		return from, until, err
	}
	lasts, err := e.props["DURATION"].duration()
	if err != nil {
		return from, until, err
	}
	own, err := e.props["DTSTART"].zone(zone)
	return from, lasts.after(from, own).In(zone), err
}
