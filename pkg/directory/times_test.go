package directory

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestTimesLessClosures(t *testing.T) {
	times := TimesOf(exampleLine(t, "snakkompsyken"))
	const short = handoverv1.ClosureReason_CLOSURE_REASON_SHORT_STAFFED
	tonight := times.Less(Closure{Reason: short, From: instant(t, "2026-03-03T19:00:00+01:00"), Until: instant(t, "2026-03-04T16:00:00+01:00")})
	for _, test := range []struct {
		at           string
		open         bool
		why          handoverv1.ClosureReason
		next, closes string
	}{
		{"2026-03-03T18:59:00+01:00", true, 0, "2026-03-03T18:59:00+01:00", "2026-03-03T19:00:00+01:00"},
		{"2026-03-03T19:00:00+01:00", false, short, "2026-03-04T16:00:00+01:00", ""},
		{"2026-03-03T22:00:00+01:00", false, handoverv1.ClosureReason_CLOSURE_REASON_SCHEDULED, "2026-03-04T16:00:00+01:00", ""},
		{"2026-03-04T16:00:00+01:00", true, 0, "2026-03-04T16:00:00+01:00", "2026-03-04T21:00:00+01:00"},
	} {
		at := instant(t, test.at)
		why, closed := tonight.Closed(chat, at)
		if tonight.OpenAt(chat, at) != test.open || closed == test.open || why != test.why {
			t.Errorf("at %s: closed %t, %v", test.at, closed, why)
		}
		if next, ok := tonight.NextOpen(chat, at); !ok || !next.Equal(instant(t, test.next)) {
			t.Errorf("at %s: opens %s %t", test.at, next, ok)
		}
		if until, ok := tonight.OpenUntil(chat, at); ok != test.open || ok && !until.Equal(instant(t, test.closes)) {
			t.Errorf("at %s: until %s %t", test.at, until, ok)
		}
	}
	if !times.OpenAt(chat, instant(t, "2026-03-03T20:00:00+01:00")) {
		t.Error("closing one closed the other")
	}
}

func TestAClosureWithoutAnEnd(t *testing.T) {
	at := instant(t, "2026-03-03T18:00:00+01:00")
	times := TimesOf(exampleLine(t, "snakkompsyken"))
	closed := times.Less(Closure{From: at})
	if next, ok := closed.NextOpen(chat, at); ok {
		t.Errorf("opens %s", next)
	}
}

func TestALineThatIsNotActiveNeverOpens(t *testing.T) {
	at := instant(t, "2026-03-03T18:00:00+01:00")
	for status := range handoverv1.LineStatus_name {
		line := exampleLine(t, "alarmtelefonen")
		line.Status = handoverv1.LineStatus(status)
		times := TimesOf(line)
		if _, known := times.NextOpen(chat, at); known != (status <= 1) || OpenAt(line, chat, at) != (status <= 1) {
			t.Errorf("%v: %t", line.Status, known)
		}
	}
}

func TestTimesOfAnUnknownChannel(t *testing.T) {
	times := TimesOf(exampleLine(t, "alarmtelefonen"))
	for _, channel := range []handoverv1.Channel{-1, 0, 99} {
		if times.OpenAt(channel, instant(t, "2026-03-03T18:00:00+01:00")) {
			t.Errorf("channel %d is open", channel)
		}
	}
}

// Without closures a line's Times say what is said of the line, and with some they are
// open at no minute of one.
func TestTimesAreTheLinesHours(t *testing.T) {
	lines := Example()
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom(lines).Draw(t, "line")
		times := TimesOf(line)
		from := time.Date(2026, 3, 20, 0, rapid.IntRange(0, 20*1440).Draw(t, "from"), 0, 0, time.UTC)
		closure := Closure{From: from, Until: from.Add(time.Duration(rapid.IntRange(1, 3000).Draw(t, "minutes")) * time.Minute)}
		less := times.Less(closure)
		for range 50 {
			at := from.Add(time.Duration(rapid.IntRange(-6000, 6000).Draw(t, "at")) * time.Minute)
			inside := !at.Before(closure.From) && at.Before(closure.Until)
			open := OpenAt(line, phone, at)
			if times.OpenAt(phone, at) != open || less.OpenAt(phone, at) != (open && !inside) {
				t.Fatalf("at %s", at)
			}
			if next, ok := less.NextOpen(phone, at); ok && !less.OpenAt(phone, next) {
				t.Fatalf("at %s it opens at %s and is closed then", at, next)
			}
			if until, ok := less.OpenUntil(phone, at); ok && less.OpenAt(phone, until) {
				t.Fatalf("at %s it closes at %s and is open then", at, until)
			}
		}
	})
}
