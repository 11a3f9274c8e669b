package decide_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
)

// TestMaySeeGoesByPosition: a line may see the commits of its own stretch of the
// log, and none before or after it.
func TestMaySeeGoesByPosition(t *testing.T) {
	s := story.At(t, "OFFERED")
	asked := s.State.HeadPosition
	s.Given(story.First.Accept())
	accepted := s.State.HeadPosition
	s.Given(story.First.Cancel())
	off := s.State.HeadPosition
	s.Given(story.Risk(story.Bullying, story.Imminent))
	for _, c := range []struct {
		line     string
		position uint64
		want     bool
	}{
		{story.Emergency, asked, false}, {story.Emergency, accepted, true}, {story.Emergency, off, true}, {story.Emergency, s.State.HeadPosition, false},
		{story.Bullying, s.History[0].Position, true}, {story.Bullying, s.State.HeadPosition, true},
		{story.Mind, s.History[0].Position, false}, {story.Mind, s.State.HeadPosition, false},
	} {
		if got := handover.PartiesOf(s.State).MaySee(c.line, c.position); got != c.want {
			t.Errorf("%s may see position %d: %t, want %t", c.line, c.position, got, c.want)
		}
	}
}

// TestRequireLegIsForTheChildsLine: only the line that has the child's leg speaks for
// it, not even the one that has accepted.
func TestRequireLegIsForTheChildsLine(t *testing.T) {
	s := story.At(t, "BRIDGED")
	if err := decide.RequireLeg(s.State, story.Bullying); err != nil {
		t.Error(err)
	}
	for _, line := range []string{story.Emergency, story.Mind} {
		if decide.RequireLeg(s.State, line) == nil {
			t.Errorf("%s speaks for the child of %s", line, story.Bullying)
		}
	}
}
