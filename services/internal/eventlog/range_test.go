package eventlog_test

import (
	"fmt"
	"testing"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// TestAPartIsTheSameFromTheReaderAndFromTheLog, whatever the range.
func TestAPartIsTheSameFromTheReaderAndFromTheLog(t *testing.T) {
	log, ctx := logtest.New(t, "intake"), logtest.Context(t)
	subject, last := eventlog.ConversationSubject("a"), uint64(0)
	for i := range 5 {
		last = logtest.MustAppend(t, log, logtest.Joined("a"), last).Position
		logtest.MustAppend(t, log, logtest.Joined(fmt.Sprint(i)), 0)
	}
	parts := func() (all []string) {
		for _, of := range []eventlog.Range{{0, 9, 9}, {1, 9, 9}, {1, 8, 9}, {0, 10, 2}, {9, 10, 9}, {5, 5, 9}, {6, 5, 9}} {
			entries, err := log.Part(ctx, subject, of)
			text := fmt.Sprint(of, err)
			for _, entry := range entries {
				text += fmt.Sprintf(" %d:%x", entry.Position, entry.Hash[:4])
			}
			all = append(all, text)
		}
		return all
	}
	before := parts()
	follower := sharing(t, log, 0, nil, fine)
	follower.expect(t, 1, 10)
	if _, kept := log.Kept(subject, eventlog.Range{After: 0, Until: 10, Most: 9}); !kept {
		t.Error("the reader does not answer for what it keeps")
	}
	if _, kept := log.Kept(subject, eventlog.Range{After: 0, Until: 11, Most: 9}); kept {
		t.Error("the reader answers for what it has not read")
	}
	for i, after := range parts() {
		if after != before[i] {
			t.Errorf("the reader has %s, the log %s", after, before[i])
		}
	}
}
