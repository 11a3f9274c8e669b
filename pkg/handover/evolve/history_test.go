package evolve_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/evolve"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

var update = flag.Bool("update", false, "write down what old histories come to now")

// golden is what a conversation of an old history comes to.
type golden struct {
	// Hashes are the hashes of the stored state after each commit.
	Hashes []string `json:"hashes"`
	// State is the last one, to see what differs.
	State json.RawMessage `json:"state"`
}

// TestOldHistories: what the programs of their day recorded is read and makes,
// after each commit, the state that it has always made. tools/corpus tells how
// another history is added. A change that alters a golden file alters what old
// histories mean: the services would hold another state than they decided on.
func TestOldHistories(t *testing.T) {
	files, err := filepath.Glob("../testdata/history/*.jsonl")
	if err != nil || len(files) < 4 {
		t.Fatalf("there are %d old histories, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			path := strings.TrimSuffix(file, "l")
			got := indented(t, refoldFile(t, file))
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s makes another state than it did; it is now\n%s", file, got)
			}
		})
	}
}

// refoldFile projects the conversations of a history, by their ids.
func refoldFile(t *testing.T, path string) map[string]*golden {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	states, all := map[string]*handover.State{}, map[string]*golden{}
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
			t.Fatalf("position %d: %v", stored.Position, err)
		}
		for i, e := range a.Events {
			if event.Name(e) == "" {
				t.Fatalf("position %d: event %d is of a kind that is not known any more", stored.Position, i+1)
			}
		}
		if states[a.Subject] == nil {
			states[a.Subject], all[a.Subject] = &handover.State{}, &golden{}
		}
		if err := evolve.Commit(states[a.Subject], a, stored.Position, sha256.Sum256(stored.Payload)); err != nil {
			t.Fatal(err)
		}
		all[a.Subject].add(t, states[a.Subject])
	}
	return all
}

func (g *golden) add(t *testing.T, state *handover.State) {
	t.Helper()
	stored, err := proto.MarshalOptions{Deterministic: true}.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	g.Hashes = append(g.Hashes, fmt.Sprintf("%x", sha256.Sum256(stored)))
	if g.State, err = protojson.Marshal(state); err != nil {
		t.Fatal(err)
	}
}

// indented is JSON that is always the same, and that people can compare.
func indented(t *testing.T, all map[string]*golden) []byte {
	t.Helper()
	text, err := json.Marshal(all)
	var out bytes.Buffer
	if err == nil {
		err = json.Indent(&out, text, "", "  ")
	}
	if err != nil {
		t.Fatal(err)
	}
	return append(out.Bytes(), '\n')
}
