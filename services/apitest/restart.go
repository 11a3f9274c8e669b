package apitest

import (
	"maps"
	"os"
	"path/filepath"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Restart stops the platform, runs meanwhile and starts it again.
func (w *World) Restart(meanwhile func()) {
	w.T.Helper()
	w.Stop()
	meanwhile()
	w.Start()
}

func (w *World) Remove(paths ...string) {
	w.T.Helper()
	for _, path := range paths {
		if err := os.RemoveAll(filepath.Join(w.Data, path)); err != nil {
			w.T.Fatal(err)
		}
	}
}

var ReadModels = []string{"intake/model.db", "triage/model.db", "routing/model.db", "audit/model.db"}

// WantState checks the state of a handover of sender's.
func (w *World) WantState(handover string, state handoverv1.HandoverState) *routingv1.Handover {
	w.T.Helper()
	w.Settle()
	h := Must[*routingv1.Handover](w.T)(w.Desk("sender").Routing.GetHandover(w.Ctx, &routingv1.GetHandoverRequest{Name: handover}))
	if h.State != state {
		w.T.Errorf("%s is %v, want %v", handover, h.State, state)
	}
	return h
}

// WantFiredOnce checks what the platform did by itself since a restart, and that nothing is
// left to do.
func (w *World) WantFiredOnce(want map[string]int) {
	w.T.Helper()
	counts := map[string]int{}
	for _, s := range w.Replay(&auditv1.ReplayCommitsRequest{}).Appends {
		for _, e := range s.Commit.Events {
			if s.Commit.Command == "Advance" && e.GetHandoverRouted() == nil && e.GetOfferSent() == nil {
				counts[Kind(e)]++
			}
		}
	}
	if !maps.Equal(counts, want) {
		w.T.Errorf("the platform did %v, want %v", counts, want)
	}
	if due, waiting := w.NextDue(); waiting {
		w.T.Errorf("something is still due at %v", due)
	}
}
