package openinghours

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// The next opening is the first minute at which the line is open, also across midnight and
// when the clocks change.
func TestNextOpenIsTheFirstOpenMinute(t *testing.T) {
	windows := []string{"Sun-Thu 15:00-21:00", "every day 22:00-02:30", "Mon 09:00-12:00", "Sun 02:30-04:00", "Sat 23:59-24:00"}
	const chat = handoverv1.Channel_CHANNEL_CHAT
	rapid.Check(t, func(t *rapid.T) {
		window, err := schedule.ParseWindow(rapid.SampledFrom(windows).Draw(t, "window"))
		if err != nil {
			t.Fatal(err)
		}
		line := &handoverv1.Line{TimeZone: "Europe/Oslo", Hours: []*handoverv1.Hours{{Channel: chat, Windows: []*handoverv1.Window{window}}}}
		month := rapid.SampledFrom([]time.Month{time.March, time.October}).Draw(t, "month")
		at := time.Date(2026, month, 24, 0, rapid.IntRange(0, 7*24*60).Draw(t, "minute"), 0, 0, time.UTC)
		got, known := NextOpen(line, chat, at)
		want := at
		for !OpenAt(line, chat, want) {
			want = want.Add(time.Minute)
		}
		if !known || !got.Equal(want) {
			t.Fatalf("at %s: opens %s (%v), want %s", at, got, known, want)
		}
	})
}

func TestALineWithoutHoursNeverOpens(t *testing.T) {
	for name, line := range map[string]*handoverv1.Line{
		"no hours": {TimeZone: "Europe/Oslo"}, "no zone": {Hours: []*handoverv1.Hours{{Channel: handoverv1.Channel_CHANNEL_CHAT}}},
	} {
		if next, known := NextOpen(line, handoverv1.Channel_CHANNEL_CHAT, time.Now()); known {
			t.Errorf("%s: opens at %s", name, next)
		}
	}
}

// Scenario 3: on Saturday night every line for mental health is closed, and the child is
// offered Sunday 15:00 wall time, even on the night when the clocks change.
func TestNextOpenOfSnakkompsykenOnSaturdayNight(t *testing.T) {
	line := directorytest.Line(t, "snakkompsyken")
	for at, want := range map[string]string{
		"2026-03-07T00:20:00+01:00": "2026-03-08T15:00:00+01:00",
		"2026-03-28T00:20:00+01:00": "2026-03-29T15:00:00+02:00",
		"2026-10-24T00:20:00+02:00": "2026-10-25T15:00:00+01:00",
	} {
		got, ok := NextOpen(line, chat, directorytest.Instant(t, at))
		if !ok || got.Format(time.RFC3339) != want {
			t.Errorf("from %s: %s, want %s", at, got.Format(time.RFC3339), want)
		}
	}
}
