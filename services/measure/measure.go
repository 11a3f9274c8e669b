// Package measure measures proofs, following and verification against their floors, in one
// process and one run.
//
// It is public for tools/bench, and needs the services' internals; nothing else may use it.
package measure

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/tree"
)

// Proofs measures over a number of commits, and prints ratios: 1 is as fast as the floor.
func Proofs(ctx context.Context, out io.Writer, count int64) error {
	folder, err := os.MkdirTemp("", "stafett-measure")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	fmt.Fprintf(out, "%d commits, %d processors\n", count, runtime.GOMAXPROCS(0))
	for _, measure := range []func(context.Context, io.Writer, string, int64) error{trees, follows, verifications} {
		if err := measure(ctx, out, folder, count); err != nil {
			return err
		}
	}
	return nil
}

// rate is in operations per second.
func rate(count int64, do func() error) (float64, error) {
	began := time.Now()
	err := do()
	return float64(count) / time.Since(began).Seconds(), err
}

func testSigner() (verify.LogSigner, error) {
	return verify.NewLogSigner("measure.test/history", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
}

// batch is how many leaves are added to the tree at once, as when it follows a log.
const batch = 64 << 10

// trees compares creating leaves and writing them to disk with hashing them by SHA-256 alone.
// The batches alternate, so that both run under the same conditions.
func trees(_ context.Context, out io.Writer, folder string, count int64) error {
	messages, entries := make([]verify.Message, batch), make([][]byte, batch)
	for i := range messages {
		messages[i] = message(int64(i), nil)
		entries[i] = messages[i].Entry()
	}
	signer, err := testSigner()
	if err != nil {
		return err
	}
	kept, err := tree.Open(filepath.Join(folder, "tree.db"), signer, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer kept.Close()
	var alone, ours, ratios []float64
	for after := int64(0); after < count; after += batch {
		a, err := rate(batch, func() error { hash(entries); return nil })
		if err != nil {
			return err
		}
		o, err := rate(batch, func() error { return extend(kept, after, messages) })
		if err != nil {
			return err
		}
		alone, ours, ratios = append(alone, a), append(ours, o), append(ratios, o/a)
	}
	fmt.Fprintf(out, "TREE, leaf to signed and synced: SHA-256 alone %.0f/s, tree %.0f/s, ratio %.2f\n", median(alone), median(ours), median(ratios))
	return nil
}

func hash(entries [][]byte) {
	for _, entry := range entries {
		sha256.Sum256(entry)
	}
}

func extend(kept *tree.Tree, after int64, messages []verify.Message) error {
	leaves := make([]tlog.Hash, len(messages))
	for i, m := range messages {
		leaves[i] = m.Leaf()
	}
	_, err := kept.Extend(after, leaves)
	return err
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
