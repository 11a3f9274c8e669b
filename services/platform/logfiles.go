package platform

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// lookEvery is the interval at which the log's files are looked at.
const lookEvery = time.Second

// logFiles are the files in which the embedded server keeps the log, as they were when they
// were first seen. The server goes on writing to a file that was deleted or replaced, and
// acknowledges what nobody will find again.
type logFiles struct {
	folder string
	known  map[string]os.FileInfo
}

// watch returns an error once a file is missing or is another one. It returns nil when the
// context ends.
func (f logFiles) watch(ctx context.Context) error {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		if err := f.look(); err != nil {
			return fmt.Errorf("%w: commits since about a second ago may be lost; restore %s from a copy, and compare it with a checkpoint that somebody else kept", err, f.folder)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

func (f logFiles) look() error {
	for path, known := range f.known {
		now, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("a file of the log is gone while it is in use: %w", err)
		}
		if !os.SameFile(now, known) {
			return fmt.Errorf("a file of the log was replaced while it is in use: %s", path)
		}
	}
	blocks, err := filepath.Glob(filepath.Join(f.folder, "jetstream", "*", "streams", "*", "msgs", "*.blk"))
	for _, path := range blocks {
		if f.known[path] != nil {
			continue
		}
		if info, err := os.Stat(path); err == nil {
			f.known[path] = info
		}
	}
	return err
}
