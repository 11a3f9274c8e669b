package schedule

import (
	"testing"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func lineOf(windows ...*handoverv1.Window) *handoverv1.Line {
	return &handoverv1.Line{TimeZone: "Europe/Oslo", Hours: []*handoverv1.Hours{{Channel: chat, Windows: windows}}}
}

// snakk is the window of the line for mental health: Sunday to Thursday 15:00 to 21:00.
var snakk = &handoverv1.Window{Weekdays: []int32{1, 2, 3, 4, 7}, OpensMinute: 15 * 60, ClosesMinute: 21 * 60}

// The night of scenario 3: on Saturday at 00:20, also on the night when the clocks change,
// the next opening is Sunday 15:00 wall time.
func TestNextOnTheNightTheClocksChange(t *testing.T) {
	plan := Compile(lineOf(snakk), chat)
	for at, want := range map[string]string{
		"2026-03-07T00:20:00+01:00": "2026-03-08T15:00:00+01:00",
		"2026-03-28T00:20:00+01:00": "2026-03-29T15:00:00+02:00",
		"2026-03-29T01:59:00+01:00": "2026-03-29T15:00:00+02:00",
		"2026-03-29T03:00:00+02:00": "2026-03-29T15:00:00+02:00",
		"2026-10-24T00:20:00+02:00": "2026-10-25T15:00:00+01:00",
		"2026-10-25T02:30:00+01:00": "2026-10-25T15:00:00+01:00",
	} {
		if got, ok := plan.Next(instant(t, at)); !ok || got.Format(time.RFC3339) != want {
			t.Errorf("from %s: %s (%t), want %s", at, got.Format(time.RFC3339), ok, want)
		}
	}
}

// Yesterday's window holds again if the clocks go back into it.
func TestNextInTheRepeatedHour(t *testing.T) {
	plan := Compile(lineOf(&handoverv1.Window{Weekdays: []int32{6}, OpensMinute: 22 * 60, ClosesMinute: 26*60 + 30}), chat)
	closed := instant(t, "2026-10-25T02:45:00+02:00")
	next, ok := plan.Next(closed)
	if !ok || !next.Equal(instant(t, "2026-10-25T02:00:00+01:00")) {
		t.Errorf("opens %s (%t)", next, ok)
	}
	if until, _ := plan.Until(next); !until.Equal(instant(t, "2026-10-25T02:30:00+01:00")) {
		t.Errorf("closes %s", until)
	}
}

func TestUnknownMeansClosed(t *testing.T) {
	always := &handoverv1.Window{Weekdays: []int32{1, 2, 3, 4, 5, 6, 7}, ClosesMinute: 1440}
	at := instant(t, "2026-03-03T12:00:00Z")
	if !Compile(lineOf(always), chat).OpenAt(at) {
		t.Fatal("the sound line is closed")
	}
	spoilt := map[string]*handoverv1.Line{
		"weekday":   lineOf(&handoverv1.Window{Weekdays: []int32{0, 8}, ClosesMinute: 1440}),
		"minutes":   lineOf(&handoverv1.Window{Weekdays: always.Weekdays, OpensMinute: 10, ClosesMinute: 10}),
		"too long":  lineOf(&handoverv1.Window{Weekdays: always.Weekdays, ClosesMinute: 1441}),
		"no zone":   {Hours: lineOf(always).Hours},
		"schedule":  {TimeZone: "Europe/Oslo", Hours: []*handoverv1.Hours{{Channel: chat, Schedules: []*handoverv1.Schedule{{OpensAt: "00:00", ClosesAt: "24:00"}}}}},
		"date":      {TimeZone: "Europe/Oslo", Hours: lineOf(always).Hours, Exceptions: []*handoverv1.ScheduleException{{Dates: []string{"Christmas"}}}},
		"country":   {TimeZone: "Europe/Oslo", Hours: lineOf(always).Hours, Exceptions: []*handoverv1.ScheduleException{{Holidays: "SE"}}},
		"exception": {TimeZone: "Europe/Oslo", Hours: lineOf(always).Hours, Exceptions: []*handoverv1.ScheduleException{{Recurrence: &handoverv1.Schedule{}}}},
	}
	for name, line := range spoilt {
		plan := Compile(line, chat)
		if plan.OpenAt(at) {
			t.Errorf("%s: open", name)
		}
		if next, ok := plan.Next(at); ok {
			t.Errorf("%s: opens %s", name, next)
		}
	}
}

func TestExceptions(t *testing.T) {
	const holiday = handoverv1.ClosureReason_CLOSURE_REASON_HOLIDAY
	line := lineOf(snakk, &handoverv1.Window{Weekdays: []int32{5}, OpensMinute: 22 * 60, ClosesMinute: 26 * 60})
	line.Exceptions = []*handoverv1.ScheduleException{
		{Holidays: "NO", Reason: holiday},
		{Dates: []string{"2026-05-17", "2026-05-01"}, Hours: []*handoverv1.TimeOfDay{{OpensMinute: 10 * 60, ClosesMinute: 12 * 60}}},
		{Channels: []handoverv1.Channel{handoverv1.Channel_CHANNEL_PHONE}, Dates: []string{"2026-03-03"}},
	}
	plan := Compile(line, chat)
	for at, want := range map[string]bool{
		"2026-03-03T15:00:00+01:00": true,  // only the phone is closed
		"2026-04-05T15:00:00+02:00": false, // Easter Sunday
		"2026-04-06T15:00:00+02:00": false, // Easter Monday
		"2026-04-04T01:00:00+02:00": false, // after Good Friday, on which nothing opened
		"2026-05-02T01:00:00+02:00": false, // after 1 May, which has other hours
		"2026-05-01T11:00:00+02:00": true,
		"2026-05-17T11:00:00+02:00": true, // a date wins over the holiday
		"2026-05-17T16:00:00+02:00": false,
	} {
		if got := plan.OpenAt(instant(t, at)); got != want {
			t.Errorf("at %s: open is %t", at, got)
		}
	}
	if got := plan.Why(instant(t, "2026-04-05T15:00:00+02:00")); got != holiday {
		t.Errorf("on Easter Sunday: %v", got)
	}
	if got := plan.Why(instant(t, "2026-03-03T09:00:00+01:00")); got != handoverv1.ClosureReason_CLOSURE_REASON_SCHEDULED {
		t.Errorf("in the morning: %v", got)
	}
}
