package routing

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover/deadline"
)

// TestAStartForgetsRechecksOfWhatHasEnded: a rebuild plans them for all that was ever asked.
func TestAStartForgetsRechecksOfWhatHasEnded(t *testing.T) {
	s, clock := open(t)
	s.rechecks.add("ended", deadline.AtOnce)
	if err := s.model.View(s.fillTimers); err != nil {
		t.Fatal(err)
	}
	if fresh := s.rechecks.added(); len(fresh) > 0 || s.rechecks.take("ended", clock.Now()) {
		t.Errorf("rechecks are planned for %v", fresh)
	}
}
