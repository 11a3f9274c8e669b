package rules

import (
	"testing"

	"pgregory.net/rapid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// said holds the variables before they are packed.
type said map[Variable]int32

func draw(t *rapid.T) said {
	all := said{}
	for i, v := range variables {
		last := v.least + int32(v.mask())
		all[Variable(i)] = rapid.OneOf(rapid.Int32Range(v.least, last), rapid.Int32Range(v.least, min(last, v.least+3))).Draw(t, v.name)
	}
	return all
}

func (s said) input() (in Input) {
	for which, number := range s {
		if variables[which].bits == 0 {
			in |= Flag(which, number == 1)
		} else {
			in |= Number(which, number)
		}
	}
	return in
}

func (s said) is(which Variable) bool { return s[which] == 1 }

// outcome is the result of the built-in rules, reimplemented plainly.
func (s said) outcome() (failed []handoverv1.Verdict, points int32) {
	fail := func(verdict handoverv1.Verdict, holds bool) {
		if !holds {
			failed = append(failed, verdict)
		}
	}
	seat := true
	switch {
	case !s.is(Seated):
	case !s.is(SeatsKnown):
		seat = s.is(Emergency)
	case s[Free] < 1:
		seat = s.is(Emergency) && s[Risk] == 4
	}
	fail(handoverv1.Verdict_VERDICT_TOPIC, s.is(ForTopic))
	fail(handoverv1.Verdict_VERDICT_AGE, !s.is(AgeKnown) || s[ChildMinAge] >= s[MinAge] && s[ChildMaxAge] <= s[MaxAge])
	fail(handoverv1.Verdict_VERDICT_LANGUAGE, s.is(Speaks) || !s.is(LanguageKnown))
	fail(handoverv1.Verdict_VERDICT_CHANNEL, s.is(AnswersChannel))
	fail(handoverv1.Verdict_VERDICT_AREA, s.is(InArea) && s.is(HasDoor))
	fail(handoverv1.Verdict_VERDICT_DIRECTION, s.is(Received))
	fail(handoverv1.Verdict_VERDICT_CAPACITY, seat)
	fail(handoverv1.Verdict_VERDICT_RISK, s[Risk] <= s[MaxRisk])
	for worth, holds := range map[int32]bool{
		32: s.is(ForPlace), 16: s.is(Acute) && s.is(Emergency), 8: s.is(Specialist), 4: s.is(FirstLanguage), 2: s[Queue] == 0, 1: s[FreeTenths] > 4,
	} {
		if holds {
			points += worth
		}
	}
	return failed, points
}

// The CEL rules give the same result as the Go version, both when first evaluated and when
// repeated among others.
func TestTheRulesSayWhatTheySay(t *testing.T) {
	judge := Default().Judge()
	rapid.Check(t, func(t *rapid.T) {
		all := draw(t)
		failed, points := all.outcome()
		var want Failed
		for _, verdict := range failed {
			want |= 1 << verdict
		}
		fresh := &Judge{rules: Default(), static: newMemo(2), live: newMemo(2)}
		for _, judge := range []*Judge{judge, fresh, fresh} {
			got := judge.Of(all.input())
			if got.Failed != want || Default().Score(got.Held).Points != points {
				t.Fatalf("fails %b with %d points; want %v, %d", got.Failed, Default().Score(got.Held).Points, failed, points)
			}
		}
	})
}

// Each variable reads back as it was set, whatever the others are.
func TestVariablesKeepApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := draw(t)
		in := all.input()
		for i := range variables {
			want := any(int64(all[Variable(i)]))
			if variables[i].bits == 0 {
				want = all[Variable(i)] == 1
			}
			if got := in.value(&variables[i]).Value(); got != want {
				t.Fatalf("%s is %v, want %v", variables[i].name, got, want)
			}
		}
	})
}

func TestNumbersAreCutAtTheEnds(t *testing.T) {
	for which, test := range map[Variable]struct{ low, high int32 }{Free: {0, 15}, Queue: {-1, 30}, MaxAge: {0, 127}, Risk: {-1, 6}} {
		v := &variables[which]
		if low, high := Number(which, -1000).value(v).Value(), Number(which, 100000).value(v).Value(); low != int64(test.low) || high != int64(test.high) {
			t.Errorf("%s from %v to %v", v.name, low, high)
		}
	}
}

// A judge forgets outcomes so that its cache does not grow without bound.
func TestAJudgeIsBounded(t *testing.T) {
	judge := with(t, "risk <= max_risk", "child_min_age + child_max_age + min_age + max_age + risk >= -1").Judge()
	for i := range int32(2 * mostSlots) {
		judge.Of(Number(MinAge, i%128) | Number(MaxAge, i/128%128) | Number(ChildMinAge, i/16384))
	}
	if len(judge.static.slots) != mostSlots || judge.static.used > mostSlots/2 {
		t.Errorf("remembers %d in %d slots", judge.static.used, len(judge.static.slots))
	}
}
