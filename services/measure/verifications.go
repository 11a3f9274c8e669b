package measure

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
	"runtime"

	"golang.org/x/mod/sumdb/note"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/check"
	"github.com/stafett/stafett/pkg/verify/files"
)

// verifications compares the offline verification of a folder with SHA-256 over the same
// files, and its memory use with that for a tenth of the folder.
func verifications(ctx context.Context, out io.Writer, folder string, count int64) error {
	few, err := verification(ctx, out, files.Folder(filepath.Join(folder, "few")), count/10)
	if err != nil {
		return err
	}
	many, err := verification(ctx, out, files.Folder(filepath.Join(folder, "many")), count)
	fmt.Fprintf(out, "  memory: %d MB for %d, %d MB for %d, ratio %.2f\n", few>>20, count/10, many>>20, count, float64(many)/float64(few))
	return err
}

// verification returns the peak memory use.
func verification(ctx context.Context, out io.Writer, folder files.Folder, count int64) (most uint64, err error) {
	signer, err := testSigner()
	if err != nil {
		return 0, err
	}
	if err := writeHistory(folder, signer, count); err != nil {
		return 0, err
	}
	policy, err := verify.ParsePolicy([]byte("log " + signer.VKey() + "\nquorum none\n"))
	if err != nil {
		return 0, err
	}
	alone, err := rate(count, func() error { return hashAll(ctx, folder, count) })
	if err != nil {
		return 0, err
	}
	runtime.GC()
	ours, err := rate(count, func() error {
		report, err := check.History(ctx, folder, check.Options{Policy: policy, Progress: func(int64, int64) { most = max(most, inUse()) }})
		if err == nil && (!report.Holds() || report.Read != count) {
			return fmt.Errorf("what was written does not hold: %+v", report)
		}
		return err
	})
	fmt.Fprintf(out, "VERIFY %d offline: SHA-256 of the same files %.0f/s, verify %.0f/s, ratio %.2f\n", count, alone, ours, ours/alone)
	return most, err
}

func inUse() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapInuse + stats.StackInuse
}

// hashAll is the floor: all files read and hashed, one after another.
func hashAll(ctx context.Context, folder files.Folder, count int64) error {
	sum := sha256.New()
	for _, t := range files.Tiles(count) {
		data, err := folder.Read(ctx, verify.TilePath(t))
		if err != nil {
			return err
		}
		sum.Write(data)
	}
	return nil
}

// writeHistory writes a history's files, tile by tile.
func writeHistory(folder files.Folder, signer verify.LogSigner, count int64) error {
	places := map[string]place{}
	var frontier verify.Frontier
	w := writer{folder: folder, next: make([]int64, 8), rows: make([][]byte, 8)}
	for i := range count {
		entry := message(i, places).Entry()
		leaf := verify.LeafOf(entry)
		frontier.Append(leaf)
		if err := w.add(entry, leaf); err != nil {
			return err
		}
	}
	if err := w.end(); err != nil {
		return err
	}
	c := verify.Checkpoint{Origin: signer.Name(), Size: count, Root: frontier.Root()}
	signed, err := note.Sign(&note.Note{Text: c.Text()}, signer)
	if err != nil {
		return err
	}
	return folder.Write(verify.CheckpointPath, signed)
}
