// Package theirwitness asks transparency-dev's witness, as it is, for
// cosignatures with our client. It is a module of its own, because that witness
// brings much with it.
package theirwitness

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/witness/persistence/inmemory"
	"github.com/transparency-dev/witness/witness"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	"github.com/stafett/stafett/services/internal/tree"
	"github.com/stafett/stafett/services/internal/witnesses"
)

var logKey = verifytest.Log("stafett.test/history", 1)

// theirs starts a witness of transparency-dev's that knows our log. It returns
// its line of a policy.
func theirs(t *testing.T, name string) string {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, "witness.test/"+name)
	if err != nil {
		t.Fatal(err)
	}
	w := verifytest.Must(witness.New(t.Context(), witness.Opts{
		Persistence: inmemory.New(), Signers: []note.Signer{verifytest.Must(fnote.NewSignerForCosignatureV1(private))},
		VerifierForLog: func(_ context.Context, origin string) (note.Verifier, bool, error) {
			return logKey, origin == logKey.Name(), nil
		},
	}))
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", witness.NewHTTPHandler(w).AddCheckpoint)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return fmt.Sprintf("witness %s %s %s\n", name, verifytest.Must(fnote.VKeyToCosignatureV1(public)), server.URL)
}

// grown is our tree of a size; those with another seed have other leaves from 50
// on.
func grown(t *testing.T, seed byte, size int64) *tree.Tree {
	t.Helper()
	grown := verifytest.Must(tree.Open(filepath.Join(t.TempDir(), "tree.db"), logKey, slog.New(slog.DiscardHandler)))
	t.Cleanup(func() { grown.Close() })
	var leaves []tlog.Hash
	for i := range size {
		leaf := []byte{byte(i)}
		if i >= 50 {
			leaf = append(leaf, seed)
		}
		leaves = append(leaves, tlog.RecordHash(leaf))
	}
	verifytest.Must(grown.Extend(0, leaves))
	return grown
}

// cosigned asks for cosignatures of a tree's head.
func cosigned(t *testing.T, w *witnesses.Witnesses, kept *tree.Tree) ([]byte, map[string]error) {
	t.Helper()
	head := kept.Head()
	return w.Cosign(t.Context(), witnesses.Request{Checkpoint: head.Checkpoint, Signed: head.Signed,
		Prove: func(older int64) (tlog.TreeProof, error) { return kept.ProveConsistency(older, head.Size) }})
}

func TestTheirWitnessesCosignOurCheckpoints(t *testing.T) {
	text := "log " + logKey.VKey() + "\n"
	for _, name := range []string{"w1", "w2", "w3"} {
		text += theirs(t, name)
	}
	policy := verifytest.Must(verify.ParsePolicy([]byte(text + "group all-three all w1 w2 w3\nquorum all-three\n")))
	ours := witnesses.New(policy)
	for _, size := range []int64{1, 2, 100, 100, 130} {
		signed, failed := cosigned(t, ours, grown(t, 0, size))
		if c, err := policy.Open(signed); err != nil || c.Size != size {
			t.Errorf("size %d: %v, %v, %v", size, c, err, failed)
		}
	}
	restarted := witnesses.New(policy) // it has forgotten what they know
	if signed, failed := cosigned(t, restarted, grown(t, 0, 200)); !policy.Quorate(signed) {
		t.Errorf("after a restart: %v", failed)
	}
	for name, forged := range map[string]*tree.Tree{
		"truncated": grown(t, 0, 150), "changed": grown(t, 1, 200), "changed and longer": grown(t, 1, 300),
	} {
		for _, client := range []*witnesses.Witnesses{restarted, witnesses.New(policy)} {
			_, failed := cosigned(t, client, forged)
			if len(failed) != 3 || !errors.Is(failed["w1"], witnesses.ErrOtherHistory) {
				t.Errorf("%s: %v, want that all have another history", name, failed)
			}
		}
	}
}
