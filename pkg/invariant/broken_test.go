package invariant_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/invariant"
)

// spoilt is a sound history with one fault in it, and the invariants that must be
// named: these and no others. Most faults break one promise, some several.
type spoilt struct {
	name  string
	of    func() *story
	spoil func(*story)
	want  string
}

func broken() []spoilt {
	return slices.Concat(brokenCustody, brokenBridge, brokenOffers, brokenTimes, brokenTrust, brokenOrder, brokenCourse, brokenLost, brokenDoor, brokenAlone, brokenPersons, brokenClock, brokenVoices, brokenAdvice, brokenVoiceless)
}

func TestBroken(t *testing.T) {
	for _, c := range broken() {
		t.Run(c.name, func(t *testing.T) {
			s := c.of()
			c.spoil(s)
			wantViolated(t, invariant.Check(s.sealed(t)), c.want)
		})
	}
}

func wantViolated(t *testing.T, report invariant.Report, want string) {
	t.Helper()
	var got []string
	for _, name := range append(slices.Clone(all), "SEAT") { // most histories have no seats
		if slices.ContainsFunc(report.Violations, func(v invariant.Violation) bool { return v.Invariant == name }) {
			got = append(got, name)
		}
	}
	if strings.Join(got, " ") != want {
		t.Errorf("violated %v, want %s: %v", got, want, report.Err())
	}
}

// Every invariant has a fault that breaks it and nothing else.
func TestEachInvariantCanFail(t *testing.T) {
	var alone []string
	for _, c := range broken() {
		alone = append(alone, c.want)
	}
	for _, c := range forged {
		alone = append(alone, c.want)
	}
	for _, c := range tampered {
		alone = append(alone, c.want)
	}
	for _, name := range all {
		if !slices.Contains(alone, name) {
			t.Errorf("no test breaks %s alone", name)
		}
	}
}
