package longhistory_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/invariant"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/bench/internal/longhistory"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
	"github.com/stafett/stafett/tools/internal/progress"
	"github.com/stafett/stafett/tools/internal/replay"
)

// TestAHistoryOfCopiesIsGenuine: the services accept every copy, and the copies keep the
// protocol's invariants.
func TestAHistoryOfCopiesIsGenuine(t *testing.T) {
	const count = 150
	data := t.TempDir()
	if _, err := longhistory.Make(t.Context(), data, count, progress.Line{}); err != nil {
		t.Fatal(err)
	}
	p, err := stafett.Start(t.Context(), data, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	auditor, err := p.Peer("auditor", "auditor")
	if err != nil {
		t.Fatal(err)
	}
	all, err := replay.All(t.Context(), auditor.Audit, &auditv1.ReplayCommitsRequest{Purpose: replay.Exercise()})
	if err != nil {
		t.Fatal(err)
	}
	var history []invariant.Recorded
	conversations := map[string]bool{}
	for _, s := range all {
		history = append(history, invariant.Recorded{Position: s.Position, Commit: s.Commit, PayloadHash: s.PayloadHash})
		conversations[s.Commit.Subject] = true
	}
	if err := invariant.Check(history, invariant.Unhurried()).Err(); err != nil {
		t.Error(err)
	}
	if lines := 2 * stafett.Pairs; len(conversations) != count+3+lines {
		t.Errorf("the log has %d subjects, want %d conversations, 3 that were played, and %d lines", len(conversations), count, lines)
	}
}
