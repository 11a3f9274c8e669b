package invariant_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/invariant"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// fed is a checker that has seen a history.
func fed(history []invariant.Recorded, options ...invariant.Option) *invariant.Checker {
	c := invariant.New(options...)
	for _, r := range history {
		c.Add(r)
	}
	return c
}

// A checker finds the same, however often it is asked in between.
func TestCheckerIsAskedInBetween(t *testing.T) {
	for _, b := range broken() {
		s := b.of()
		b.spoil(s)
		history := s.sealed(t)
		asked := invariant.New()
		for _, r := range history {
			asked.Add(r)
			asked.Report()
			asked.End(time.Now())
		}
		if got, want := asked.Report(), invariant.Check(history); !slices.Equal(got.Violations, want.Violations) {
			t.Errorf("%s: asked in between it found %v, want %v", b.name, got.Err(), want.Err())
		}
	}
}

// What a commit shows is known at once.
func TestViolationsAtOnce(t *testing.T) {
	s := warm()
	change(func(k *eventv1.CustodyTransferred) { k.ToEpoch = 3 })(s)
	c, at := invariant.New(), 0
	for i, r := range s.sealed(t) {
		if c.Add(r); len(c.Violations()) > 0 && at == 0 {
			at = i
		}
	}
	if moved, _, _ := where[*eventv1.CustodyTransferred](s); at != moved {
		t.Errorf("the first violation was known after commit %d, want %d", at, moved)
	}
}

// What was due is overdue when the history ends later.
func TestEnd(t *testing.T) {
	s := begin().opened().asked(1, bullying).tell("line/"+bullying, &eventv1.ConsentRefused{Handover: 1})
	c := fed(s.sealed(t))
	if err := c.Report().Err(); err != nil {
		t.Error(err)
	}
	wantViolated(t, c.End(s.now.Add(time.Minute)), "I13")
	if err := c.Report().Err(); err != nil {
		t.Errorf("after the end had been asked for: %v", err)
	}
}

// Late are the violations of a platform that was down.
func TestLate(t *testing.T) {
	s := begin().opened().lost(bullying, "kim").wait(time.Minute).alerted(bullying, 1, 1)
	found := invariant.Check(s.sealed(t)).Violations
	if len(found) != 1 || !found[0].Late {
		t.Errorf("found %+v, want one that is late", found)
	}
	if err := invariant.Check(s.sealed(t), invariant.Unhurried()).Err(); err != nil {
		t.Errorf("unhurried: %v", err)
	}
	s = warm()
	drop[*eventv1.ConsentGiven](s)
	if v := invariant.Check(s.sealed(t)).Violations; len(v) == 0 || v[0].Late {
		t.Errorf("late: %v", v)
	}
}

func TestForget(t *testing.T) {
	s := withdrawn()
	drop[*eventv1.HandoverReturned](s)
	s.appends = s.appends[:len(s.appends)-2]
	history := append(s.sealed(t), elsewhere(t, legs(), 1)...)
	c := fed(history)
	c.Forget(conversation, s.now.Add(time.Minute))
	c.Forget("stafett.conversation.unknown", s.now)
	want := fed(s.sealed(t)).End(s.now.Add(time.Minute)).Violations
	if got := c.Violations(); len(want) == 0 || !slices.ContainsFunc(got, func(v invariant.Violation) bool { return v == want[0] }) {
		t.Errorf("what was due in a forgotten conversation: %v, want %v", got, want)
	}
	if n := len(c.Report().Violations); n != len(c.Violations()) {
		t.Errorf("%d violations are reported, want %d", n, len(c.Violations()))
	}
}

func TestWithout(t *testing.T) {
	s := warm()
	change(func(k *eventv1.ParticipantJoined) { k.Participant = "my name is" })(s)
	drop[*eventv1.ChildAgreed](s)
	report := fed(s.sealed(t), invariant.Without("I7", "I5", "I2", "VOICE")).Report()
	if err := report.Err(); err != nil {
		t.Error(err)
	}
	if want := []string{"I7: left out", "I5: left out", "I2: left out", "VOICE: left out"}; !slices.Equal(report.Skipped, want) {
		t.Errorf("skipped %v, want %v", report.Skipped, want)
	}
}
