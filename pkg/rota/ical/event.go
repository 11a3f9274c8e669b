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
	// Standing tells whether the event counts. Other events are not validated.
	Standing Standing
	// Newer is the event that replaces this one if Standing is [Superseded], or that cancels
	// it together with others.
	Newer *Event

	method   *property
	props    map[string]property
	revision revision
}

// UID returns the event's identity, which all its revisions share. It may be empty.
func (e *Event) UID() string { return e.text("UID") }

// Summary returns the event's title for people.
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

// recurs reports whether the event recurs.
func (e *Event) recurs() bool { return slices.ContainsFunc(recurring, e.has) }

// Check refuses an event that recurs, or that lacks what every event of a rota needs.
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

// AllDay reports whether the event lasts whole days, without times.
func (e *Event) AllDay() bool { return e.props["DTSTART"].isDay() }

// Days returns the first day of an all-day event and the day after its last, each as midnight
// UTC.
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

// Times returns when the event begins and ends. Times without a zone are in the given one.
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
