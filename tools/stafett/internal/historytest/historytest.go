// Package historytest gives tests the histories that lie beside pkg/handover: real
// ones, recorded from stories, that always stay the same.
package historytest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"google.golang.org/protobuf/proto"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// History reads a history by its name, such as 1-violence, as audit would tell it.
func History(t testing.TB, name string) []*auditv1.StoredCommit {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(here), "../../../../pkg/handover/testdata/history", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var all []*auditv1.StoredCommit
	for line := range bytes.Lines(text) {
		var stored struct {
			Position uint64
			Payload  []byte
		}
		a := &eventv1.Commit{}
		if err := json.Unmarshal(line, &stored); err != nil {
			t.Fatal(err)
		}
		if err := proto.Unmarshal(stored.Payload, a); err != nil {
			t.Fatal(err)
		}
		hash := sha256.Sum256(stored.Payload)
		all = append(all, &auditv1.StoredCommit{Position: stored.Position, Commit: a, PayloadHash: hash[:], Payload: stored.Payload})
	}
	return all
}
