package openinghours

import (
	"testing"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// 2026-03-03 is a Tuesday.
func TestOpenAtBoundaries(t *testing.T) {
	for _, test := range []struct {
		line, at string
		want     bool
	}{
		{"snakkommobbing", "2026-03-03T15:59:59+01:00", false},
		{"snakkommobbing", "2026-03-03T16:00:00+01:00", true},
		{"snakkommobbing", "2026-03-03T20:59:59+01:00", true},
		{"snakkommobbing", "2026-03-03T21:00:00+01:00", false},
		{"snakkommobbing", "2026-03-03T19:59:00Z", true},
		{"snakkommobbing", "2026-03-03T20:00:00Z", false},
		{"snakkommobbing", "2026-03-06T18:00:00+01:00", false}, // Friday
		{"snakkommobbing", "2026-03-07T18:00:00+01:00", false}, // Saturday
		{"snakkommobbing", "2026-03-08T18:00:00+01:00", true},  // Sunday
		{"brus", "2026-03-03T20:59:00+01:00", true},
		{"brus", "2026-03-03T21:01:00+01:00", false},
		{"alarmtelefonen", "2026-03-07T00:20:00+01:00", true},
	} {
		if got := OpenAt(directorytest.Line(t, test.line), chat, directorytest.Instant(t, test.at)); got != test.want {
			t.Errorf("%s at %s: open is %t", test.line, test.at, got)
		}
	}
}

func lineWith(zone string, windows ...string) *handoverv1.Line {
	hours := &handoverv1.Hours{Channel: chat}
	for _, text := range windows {
		window, err := schedule.ParseWindow(text)
		if err != nil {
			panic(err)
		}
		hours.Windows = append(hours.Windows, window)
	}
	return &handoverv1.Line{Name: "lines/test", TimeZone: zone, Hours: []*handoverv1.Hours{hours}}
}

func TestOpenAtAcrossMidnight(t *testing.T) {
	line := lineWith("Europe/Oslo", "Fri 20:00-02:00", "Sun 22:00-01:00")
	for at, want := range map[string]bool{
		"2026-03-06T01:00:00+01:00": false, // Friday: yesterday's window is not Friday's
		"2026-03-06T19:59:00+01:00": false,
		"2026-03-06T20:00:00+01:00": true,
		"2026-03-07T00:00:00+01:00": true,
		"2026-03-07T01:59:00+01:00": true,
		"2026-03-07T02:00:00+01:00": false,
		"2026-03-07T20:00:00+01:00": false,
		"2026-03-09T00:59:00+01:00": true, // Monday, after Sunday's window
		"2026-03-09T01:00:00+01:00": false,
	} {
		if got := OpenAt(line, chat, directorytest.Instant(t, at)); got != want {
			t.Errorf("at %s: open is %t", at, got)
		}
	}
}

// The clocks go from 02:00 to 03:00 on Sunday 29 March 2026, and from 03:00 back to
// 02:00 on Sunday 25 October 2026.
func TestOpenAtWhenTheClocksChange(t *testing.T) {
	night := lineWith("Europe/Oslo", "Sat 22:00-02:30")
	evening := lineWith("Europe/Oslo", "Sun 15:00-21:00")
	always := lineWith("Europe/Oslo", "every day 00:00-24:00")
	for _, test := range []struct {
		line *handoverv1.Line
		at   string
		want bool
	}{
		{night, "2026-03-29T00:59:00Z", true},  // 01:59
		{night, "2026-03-29T01:00:00Z", false}, // 03:00; there is no 02:15
		{night, "2026-10-25T00:15:00Z", true},  // 02:15, summer time
		{night, "2026-10-25T00:45:00Z", false}, // 02:45
		{night, "2026-10-25T01:15:00Z", true},  // 02:15 again
		{night, "2026-10-25T01:30:00Z", false}, // 02:30
		{evening, "2026-03-29T18:59:00Z", true},
		{evening, "2026-03-29T19:00:00Z", false},
		{evening, "2026-10-25T19:59:00Z", true},
		{evening, "2026-10-25T20:00:00Z", false},
		{always, "2026-03-29T01:00:00Z", true},
		{always, "2026-10-25T00:30:00Z", true},
		{always, "2026-10-25T01:30:00Z", true},
	} {
		if got := OpenAt(test.line, chat, directorytest.Instant(t, test.at)); got != test.want {
			t.Errorf("%v at %s: open is %t", test.line.GetHours()[0].GetWindows(), test.at, got)
		}
	}
}

func TestOpenAtFailsClosed(t *testing.T) {
	at := directorytest.Instant(t, "2026-03-03T12:00:00Z")
	for name, line := range map[string]*handoverv1.Line{
		"no line":      nil,
		"no hours":     {TimeZone: "Europe/Oslo"},
		"no windows":   lineWith("Europe/Oslo"),
		"no zone":      lineWith("", "every day 00:00-24:00"),
		"unknown zone": lineWith("Europe/Bergen", "every day 00:00-24:00"),
		"local zone":   lineWith("Local", "every day 00:00-24:00"),
	} {
		if OpenAt(line, chat, at) {
			t.Errorf("%s is open", name)
		}
	}
	if OpenAt(lineWith("Europe/Oslo", "every day 00:00-24:00"), phone, at) {
		t.Error("a channel without hours is open")
	}
}
