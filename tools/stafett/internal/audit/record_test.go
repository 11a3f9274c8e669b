package audit

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// record is a access log, as audit would tell it.
func record(t *testing.T, readings ...*eventv1.Reading) (all []*auditv1.StoredCommit) {
	t.Helper()
	var before []byte
	for i, reading := range readings {
		command := "ReplayCommits"
		if reading.LogPosition > 0 {
			command = "ListAccesses"
		}
		a := &eventv1.Commit{Number: uint32(i + 1), PreviousHash: before, Command: command,
			Events: []*eventv1.Event{event.Of(&eventv1.AccessRecorded{Reading: reading})}}
		payload, err := proto.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		hash := sha256.Sum256(payload)
		before = hash[:]
		all = append(all, &auditv1.StoredCommit{Position: uint64(i + 1), Commit: a, Payload: payload, PayloadHash: before})
	}
	return all
}

func six(t *testing.T) []*auditv1.StoredCommit {
	return record(t, &eventv1.Reading{Conversation: "conversations/a"}, &eventv1.Reading{Conversation: "conversations/b"},
		&eventv1.Reading{Line: "lines/x"}, &eventv1.Reading{Line: "lines/x", WithConversations: true}, &eventv1.Reading{}, &eventv1.Reading{LogPosition: 9})
}

func TestARecordThatWasTamperedWith(t *testing.T) {
	if err := checkAccesses(six(t), true); err != nil {
		t.Errorf("untouched it is refused: %v", err)
	}
	for name, c := range map[string]struct {
		change func([]*auditv1.StoredCommit) []*auditv1.StoredCommit
		says   string
	}{
		"the first is missing": {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit { return all[1:] }, "there is a hole"},
		"one is missing":       {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit { return slices.Delete(all, 1, 2) }, "there is a hole"},
		"two are swapped": {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit {
			all[1], all[2] = all[2], all[1]
			return all
		}, "there is a hole"},
		"one says something else": {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit {
			all[1].Commit.Caller = "nobody"
			return all
		}, "was changed"},
		"one was rewritten": {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit {
			other := record(t, &eventv1.Reading{}, &eventv1.Reading{Conversation: "conversations/c"})
			all[1] = other[1]
			return all
		}, "does not carry the hash"},
	} {
		if err := checkAccesses(c.change(six(t)), true); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want an error that says %q", name, err, c.says)
		}
	}
}

// TestAPartOfTheRecord can have holes, but nothing in it may be changed.
func TestAPartOfTheRecord(t *testing.T) {
	part := slices.Delete(six(t), 1, 3)
	if err := checkAccesses(part, false); err != nil {
		t.Errorf("a part is refused: %v", err)
	}
	part[2].Commit.Caller = "nobody"
	if err := checkAccesses(part, false); err == nil {
		t.Error("a part that was changed passes")
	}
}
