package conversations

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

func TestPendingKeepsTheNewestState(t *testing.T) {
	r := NewPending()
	put := func(position uint64) {
		if err := r.put("c", &handover.State{HeadPosition: position}); err != nil {
			t.Fatal(err)
		}
	}
	newest := func() uint64 { return r.states["c"].position }
	applied := func(position uint64) {
		_ = r.Forget(nil, []eventlog.Entry{{Position: position, Commit: &eventv1.Commit{Subject: "stafett.conversation.c"}}})
	}
	put(6)
	put(5) // decided first, remembered last
	if newest() != 6 {
		t.Errorf("the state at %d is remembered, want that at 6", newest())
	}
	applied(5)
	if newest() != 6 {
		t.Errorf("the state at %d is remembered, want that at 6: it is not folded yet", newest())
	}
	applied(6)
	if newest() != 0 {
		t.Errorf("the state at %d is remembered, and it is folded", newest())
	}
	put(6) // applied before it was remembered
	if newest() != 0 {
		t.Errorf("the state at %d is remembered, and it was folded before", newest())
	}
	put(7)
	if newest() != 7 || r.newer("c", 6) == nil || r.newer("c", 7) != nil {
		t.Errorf("the state at %d is remembered, want that at 7", newest())
	}
}
