package schedule

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// absurd are instants whose day numbers overflow, and some beside the calendar's years, in
// seconds since 1970.
var absurd = []int64{
	math.MinInt64, -9161314442816847872, -67768040609740800, -186000000000000, math.MaxInt64,
	time.Time{}.Unix(), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Unix(),
	0, firstInstant - 1, endInstant,
}

// always returns a line that never closes.
func always() *handoverv1.Line {
	return lineOf(&handoverv1.Window{Weekdays: []int32{1, 2, 3, 4, 5, 6, 7}, ClosesMinute: 1440})
}

func TestNothingIsKnownOutsideOfTheYears(t *testing.T) {
	for _, seconds := range absurd {
		at := time.Unix(seconds, 0)
		plan := Compile(always(), chat)
		askedInVain(t, plan, at)
		if plan.last.Load() != nil {
			t.Errorf("of %d something is remembered", seconds)
		}
	}
}

func askedInVain(t interface{ Errorf(string, ...any) }, plan *Plan, at time.Time) {
	_, opens := plan.Next(at)
	_, closes := plan.Until(at)
	if plan.OpenAt(at) || plan.Stays(at) || opens || closes {
		t.Errorf("at %d something is known", at.Unix())
	}
	if why := plan.Why(at); why != handoverv1.ClosureReason_CLOSURE_REASON_SCHEDULED {
		t.Errorf("at %d: %v", at.Unix(), why)
	}
}

// A plan that is open across the ends of the calendar is open only within its years.
func TestAtTheEndsOfTheYears(t *testing.T) {
	plan, end := Compile(always(), chat), time.Unix(endInstant, 0)
	if until, closes := plan.Until(end.Add(-time.Hour)); !closes || !until.Equal(end) {
		t.Errorf("closes %s %t", until, closes)
	}
	if !plan.OpenAt(end.Add(-time.Second)) || !plan.Stays(time.Unix(firstInstant, 0)) {
		t.Error("closed within the years")
	}
	later := Compile(lineOf(&handoverv1.Window{Weekdays: []int32{1, 2, 3, 4, 5, 6, 7}, OpensMinute: 120, ClosesMinute: 180}), chat)
	if next, opens := later.Next(end.Add(-time.Hour)); opens {
		t.Errorf("opens %s", next)
	}
}

// Asking about absurd instants does not change any other answer.
func TestNoQuestionChangesAnotherAnswer(t *testing.T) {
	seconds := rapid.OneOf(rapid.Int64(), rapid.SampledFrom(absurd))
	rapid.Check(t, func(t *rapid.T) {
		line := drawLine(t)
		asked := Compile(line, chat)
		for range 8 {
			at := drawInstant(t)
			sameAsFresh(t, line, asked, at)
			strange := time.Unix(seconds.Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanos"))
			ask(asked, rapid.IntRange(0, 3).Draw(t, "question"), strange)
			if !Reckoned(strange) {
				askedInVain(t, asked, strange)
			}
			sameAsFresh(t, line, asked, at)
		}
	})
}

func FuzzNoQuestionChangesAnotherAnswer(f *testing.F) {
	for _, seconds := range absurd {
		f.Add(seconds, int64(1_790_000_000))
	}
	line := lineOf(snakk)
	f.Fuzz(func(t *testing.T, strange, normal int64) {
		asked := Compile(line, chat)
		for question := range 4 {
			ask(asked, question, time.Unix(strange, 0))
			at := time.Unix(normal%endInstant, 0)
			if got, want := asked.OpenAt(at), Compile(line, chat).OpenAt(at); got != want {
				t.Fatalf("after question %d of %d, open at %s is %t", question, strange, at, got)
			}
		}
	})
}

func ask(plan *Plan, question int, at time.Time) {
	switch question {
	case 0:
		plan.OpenAt(at)
	case 1:
		plan.Stays(at)
	case 2:
		plan.Next(at)
	case 3:
		plan.Until(at)
	}
}

func sameAsFresh(t *rapid.T, line *handoverv1.Line, asked *Plan, at time.Time) {
	if got, want := asked.OpenAt(at), Compile(line, chat).OpenAt(at); got != want {
		t.Fatalf("open at %s: %t", at, got)
	}
	next, opens := asked.Next(at)
	if want, found := Compile(line, chat).Next(at); opens != found || !next.Equal(want) {
		t.Fatalf("next from %s is %s %t, want %s %t", at, next, opens, want, found)
	}
	until, closes := asked.Until(at)
	if want, found := Compile(line, chat).Until(at); closes != found || !until.Equal(want) {
		t.Fatalf("until from %s is %s %t, want %s %t", at, until, closes, want, found)
	}
}
