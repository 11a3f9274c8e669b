package handover_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
)

// TestMaySeeGoesByPosition: a line may see the appends of its own stretch of the
// log, and none before or after it.
func TestMaySeeGoesByPosition(t *testing.T) {
	s := at(t, "OFFERED")
	asked := s.state.HeadPosition
	s.given(first.accept())
	accepted := s.state.HeadPosition
	s.given(first.cancel())
	off := s.state.HeadPosition
	s.given(risk(bullying, imminent))
	for _, c := range []struct {
		line     string
		position uint64
		want     bool
	}{
		{emergency, asked, false}, {emergency, accepted, true}, {emergency, off, true}, {emergency, s.state.HeadPosition, false},
		{bullying, s.history[0].Position, true}, {bullying, s.state.HeadPosition, true},
		{mind, s.history[0].Position, false}, {mind, s.state.HeadPosition, false},
	} {
		if got := handover.MaySee(s.state, c.line, c.position); got != c.want {
			t.Errorf("%s may see position %d: %t, want %t", c.line, c.position, got, c.want)
		}
	}
}

// TestHoldsLegIsForTheChildsLine: only the line that has the child's leg speaks for
// it, not even the one that has accepted.
func TestHoldsLegIsForTheChildsLine(t *testing.T) {
	s := at(t, "BRIDGED")
	if err := handover.HoldsLeg(s.state, bullying); err != nil {
		t.Error(err)
	}
	for _, line := range []string{emergency, mind} {
		if handover.HoldsLeg(s.state, line) == nil {
			t.Errorf("%s speaks for the child of %s", line, bullying)
		}
	}
}
