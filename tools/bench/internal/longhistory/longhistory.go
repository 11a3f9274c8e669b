// Package longhistory measures a platform with the history of many conversations: its starts,
// what its answers cost, its memory and its disk.
package longhistory

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/stafett/stafett/tools/internal/progress"
)

// Fewest is the shortest history that has everything in it.
const Fewest = 100

// Row is what was measured with one history.
type Row struct {
	Conversations int
	Filling       time.Duration
	Rebuilt       Pass // started with nothing but the log and its keys
	Again         Pass // started after that
	Disk          []Size
}

// Measure measures histories of several lengths, each in a folder that is removed afterwards,
// and writes a table.
func Measure(ctx context.Context, out io.Writer, line progress.Line, counts []int) error {
	var rows []Row
	for _, count := range counts {
		row, err := of(ctx, line, count)
		if err != nil {
			return fmt.Errorf("with %d conversations: %w", count, err)
		}
		rows = append(rows, row)
		line.Clear()
	}
	return table(out, rows)
}

func of(ctx context.Context, line progress.Line, count int) (row Row, err error) {
	folder, err := os.MkdirTemp("", "stafett-bench")
	if err != nil {
		return row, err
	}
	defer os.RemoveAll(folder)
	row.Conversations = count
	if row.Filling, err = Make(ctx, folder, count, line); err != nil {
		return row, err
	}
	line.Show("%d conversations: rebuilding projections and tree", count)
	if row.Rebuilt, err = inProcess(ctx, "rebuild", folder); err != nil {
		return row, err
	}
	line.Show("%d conversations: starting again", count)
	if row.Again, err = inProcess(ctx, "again", folder); err != nil {
		return row, err
	}
	row.Disk, err = disk(folder)
	return row, err
}

// inProcess runs a pass in a process of its own, so that its memory and processor time are the
// platform's.
func inProcess(ctx context.Context, kind, folder string) (pass Pass, err error) {
	own, err := os.Executable()
	if err != nil {
		return pass, err
	}
	command := exec.CommandContext(ctx, own, "-pass", kind, "-data", folder)
	command.Stderr = os.Stderr
	text, err := command.Output()
	if err != nil {
		return pass, fmt.Errorf("%s: %w", kind, err)
	}
	return pass, json.Unmarshal(text, &pass)
}

// Size is how much of the disk something takes.
type Size struct {
	What  string
	Bytes int64
}

func disk(folder string) (all []Size, err error) {
	for _, what := range []struct{ name, files string }{
		{"log", "log"}, {"audit's tree", "audit/tree.db"}, {"audit", "audit/model.db"}, {"routing", "routing/model.db"},
		{"intake", "intake/model.db"}, {"triage", "triage/model.db"},
	} {
		size := Size{What: what.name}
		err = filepath.Walk(filepath.Join(folder, what.files), func(_ string, file os.FileInfo, err error) error {
			if err == nil && file.Mode().IsRegular() {
				size.Bytes += file.Size()
			}
			return nil // a file that a version does not have takes nothing
		})
		all = append(all, size)
	}
	return all, err
}
