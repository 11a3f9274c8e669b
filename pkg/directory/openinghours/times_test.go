package openinghours

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"github.com/stafett/stafett/pkg/directory/internal/directorytest"
	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func exampleTimes(t testing.TB, id string, closures ...*handoverv1.Closure) Times {
	return Of(directorytest.Line(t, id)).Now(closures, nil)
}

// moment is what a line's times report at one instant.
type moment struct {
	at           string
	open         bool
	why          handoverv1.ClosureReason
	next, closes string
}

func checkTimes(t *testing.T, of Times, moments []moment) {
	t.Helper()
	for _, test := range moments {
		at := directorytest.Instant(t, test.at)
		why, closed := of.Closed(chat, at)
		if of.OpenAt(chat, at) != test.open || closed == test.open || why != test.why {
			t.Errorf("at %s: closed %t, %v", test.at, closed, why)
		}
		if next, ok := of.NextOpen(chat, at); ok != (test.next != "") || ok && !next.Equal(directorytest.Instant(t, test.next)) {
			t.Errorf("at %s: opens %s %t", test.at, next, ok)
		}
		if until, ok := of.OpenUntil(chat, at); ok != test.open || ok && !until.Equal(directorytest.Instant(t, test.closes)) {
			t.Errorf("at %s: until %s %t", test.at, until, ok)
		}
	}
}

const scheduled = handoverv1.ClosureReason_CLOSURE_REASON_SCHEDULED

func TestTimesLessClosures(t *testing.T) {
	tonight := directorytest.Closed(t, "2026-03-03T19:00:00+01:00", "2026-03-04T16:00:00+01:00", incident)
	checkTimes(t, exampleTimes(t, "snakkompsyken", tonight), []moment{
		{"2026-03-03T18:59:00+01:00", true, 0, "2026-03-03T18:59:00+01:00", "2026-03-03T19:00:00+01:00"},
		{"2026-03-03T19:00:00+01:00", false, incident, "2026-03-04T16:00:00+01:00", ""},
		{"2026-03-03T22:00:00+01:00", false, scheduled, "2026-03-04T16:00:00+01:00", ""},
		{"2026-03-04T16:00:00+01:00", true, 0, "2026-03-04T16:00:00+01:00", "2026-03-04T21:00:00+01:00"},
	})
}

func TestAClosureOfOtherChannelsClosesNothing(t *testing.T) {
	of := exampleTimes(t, "alarmtelefonen",
		directorytest.Closed(t, "2026-03-03T19:00:00+01:00", "2026-03-04T19:00:00+01:00", incident, phone, sms))
	at := directorytest.Instant(t, "2026-03-03T20:00:00+01:00")
	if !of.OpenAt(chat, at) || of.OpenAt(phone, at) || of.OpenAt(sms, at) {
		t.Error("phone and sms are closed, and nothing else")
	}
	if until, closes := of.OpenUntil(chat, at.Add(-2*time.Hour)); closes {
		t.Errorf("the chat closes at %s", until)
	}
}

// OpenUntil continues across consecutive shifts and ends where nobody staffs the line.
func TestTimesWhileSomebodyStaffsTheLine(t *testing.T) {
	rota := slices.Concat(
		shift(t, "skive", "2026-03-03T17:00:00+01:00", "2026-03-03T19:00:00+01:00"),
		shift(t, "herning", "2026-03-03T19:00:00+01:00", "2026-03-03T20:00:00+01:00"),
		shift(t, "odder", "2026-03-05T19:30:00+01:00", "2026-03-06T12:00:00+01:00"))
	of := Of(directorytest.Line(t, "brus")).Now(nil, rota)
	checkTimes(t, of, []moment{
		{"2026-03-03T17:30:00+01:00", false, scheduled, "2026-03-03T18:00:00+01:00", ""},
		{"2026-03-03T18:00:00+01:00", true, 0, "2026-03-03T18:00:00+01:00", "2026-03-03T20:00:00+01:00"},
		{"2026-03-03T20:00:00+01:00", false, shortStaffed, "2026-03-05T19:30:00+01:00", ""},
		{"2026-03-05T20:00:00+01:00", true, 0, "2026-03-05T20:00:00+01:00", "2026-03-05T21:00:00+01:00"},
		{"2026-03-05T21:00:00+01:00", false, scheduled, "", ""},
	})
	if got := of.Unit(directorytest.Instant(t, "2026-03-03T19:00:00+01:00")); got != "herning" {
		t.Errorf("staffed by %q", got)
	}
}

func TestAClosureWithoutAnEnd(t *testing.T) {
	at := directorytest.Instant(t, "2026-03-03T18:00:00+01:00")
	closed := exampleTimes(t, "snakkompsyken", &handoverv1.Closure{StartTime: timestamppb.New(at)})
	if next, ok := closed.NextOpen(chat, at); ok {
		t.Errorf("opens %s", next)
	}
}

func TestALineThatIsNotActiveNeverOpens(t *testing.T) {
	at := directorytest.Instant(t, "2026-03-03T18:00:00+01:00")
	for status := range handoverv1.LineStatus_name {
		line := directorytest.Line(t, "alarmtelefonen")
		line.Status = handoverv1.LineStatus(status)
		of := Of(line).Now(nil, nil)
		if _, known := of.NextOpen(chat, at); known != (status <= 1) || OpenAt(line, chat, at) != (status <= 1) {
			t.Errorf("%v: %t", line.Status, known)
		}
	}
}

func TestTimesOfAnUnknownChannel(t *testing.T) {
	of := exampleTimes(t, "alarmtelefonen", &handoverv1.Closure{Channels: []handoverv1.Channel{-1, 0, 99}})
	for _, channel := range []handoverv1.Channel{-1, 0, 99} {
		if of.OpenAt(channel, directorytest.Instant(t, "2026-03-03T18:00:00+01:00")) {
			t.Errorf("channel %d is open", channel)
		}
	}
}

// Without closures and a rota, a line's times equal its hours. With them it is never open
// during a closure, and only while somebody staffs it.
func TestTimesAreTheLinesHours(t *testing.T) {
	lines := linefile.Example()
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom(lines).Draw(t, "line")
		plain := Of(line).Now(nil, nil)
		from := time.Date(2026, 3, 20, 0, rapid.IntRange(0, 20*1440).Draw(t, "from"), 0, 0, time.UTC)
		minutes := func(least, most int, what string) time.Time {
			return from.Add(time.Duration(rapid.IntRange(least, most).Draw(t, what)) * time.Minute)
		}
		until := minutes(1, 3000, "closed until")
		closures := []*handoverv1.Closure{{StartTime: timestamppb.New(from), EndTime: timestamppb.New(until)}}
		staffed := duty{{"one", minutes(-6000, -1000, "staffed from"), minutes(-1000, 1000, "until")}, {"two", minutes(1000, 2000, "again"), minutes(2000, 9000, "until")}}
		var rota Staffing
		if rapid.Bool().Draw(t, "rota") {
			rota = staffed
		}
		less := Of(line).Now(closures, rota)
		for range 50 {
			at := minutes(-6000, 6000, "at")
			available := at.Before(from) || !at.Before(until)
			if rota != nil {
				_, _, on := staffed.Staffs(at)
				available = available && on
			}
			open := OpenAt(line, phone, at)
			if plain.OpenAt(phone, at) != open || less.OpenAt(phone, at) != (open && available) {
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
