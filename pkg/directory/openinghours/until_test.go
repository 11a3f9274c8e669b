package openinghours

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stafett/stafett/pkg/directory/schedule"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// A line is open at every minute before OpenUntil and closed at OpenUntil, also where windows
// meet at midnight and when the clocks change.
func TestOpenUntilIsTheFirstMinuteAtWhichTheLineIsClosed(t *testing.T) {
	windows := [][]string{
		{"every day 00:00-24:00"}, {"Sun-Thu 15:00-21:00"}, {"every day 22:00-02:30"},
		{"Mon 09:00-12:00", "Mon 12:00-15:00"}, {"Sat 18:00-24:00", "Sun 00:00-06:00"},
	}
	rapid.Check(t, func(t *rapid.T) {
		line := &handoverv1.Line{TimeZone: "Europe/Oslo", Hours: []*handoverv1.Hours{{Channel: handoverv1.Channel_CHANNEL_CHAT}}}
		for _, text := range rapid.SampledFrom(windows).Draw(t, "windows") {
			window, err := schedule.ParseWindow(text)
			if err != nil {
				t.Fatal(err)
			}
			line.Hours[0].Windows = append(line.Hours[0].Windows, window)
		}
		// The clocks change around the last Sunday of March or October.
		month := rapid.SampledFrom([]time.Month{time.March, time.October}).Draw(t, "month")
		at := time.Date(2026, month, 24, 0, rapid.IntRange(0, 7*24*60).Draw(t, "minute"), 0, 0, time.UTC)
		want, closes := slowlyUntil(line, at)
		if got, ok := OpenUntil(line, handoverv1.Channel_CHANNEL_CHAT, at); ok != closes || !got.Equal(want) {
			t.Fatalf("at %s: open until %s %v, want %s %v", at, got, ok, want, closes)
		}
	})
}

// slowlyUntil checks every minute.
func slowlyUntil(line *handoverv1.Line, at time.Time) (time.Time, bool) {
	const chat = handoverv1.Channel_CHANNEL_CHAT
	if !OpenAt(line, chat, at) {
		return at, false
	}
	for minute := at; minute.Before(at.Add(fourDays)); minute = minute.Add(time.Minute) {
		if !OpenAt(line, chat, minute) {
			return minute, true
		}
	}
	return time.Time{}, false
}
