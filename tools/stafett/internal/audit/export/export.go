// Package export writes a part of the history into a folder, in formats that other
// programs read, with a manifest that lists its contents. The manifest is written last: a
// folder without one is not an export.
//
// An export has no content, because the history has none.
package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/natefinch/atomic"

	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/replay"
)

// Export is an export in progress.
type Export struct {
	folder   string
	writers  []*output
	manifest Manifest
	// tiles has a position for each tile of leaves that contains a commit.
	tiles []uint64
	// bare means that a commit came without its header, as from an older audit service.
	bare bool
}

// Create begins an export in a folder that is empty or does not exist yet.
func Create(folder string, formats []Format) (*Export, error) {
	if err := empty(folder); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	e := &Export{folder: folder}
	for _, format := range formats {
		out, err := newOutput(folder, format)
		if err != nil {
			return nil, errors.Join(err, e.Abandon())
		}
		e.writers = append(e.writers, out)
	}
	return e, nil
}

func empty(folder string) error {
	files, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && len(files) > 0 {
		return fmt.Errorf("%s is not empty; name a new folder", folder)
	}
	return err
}

// Add writes a commit, with its payload. Commits must come in the order of their
// positions.
func (e *Export) Add(stored *auditv1.StoredCommit) error {
	m := &e.manifest
	if stored.Position <= m.LastPosition {
		return fmt.Errorf("position %d comes after position %d", stored.Position, m.LastPosition)
	}
	if err := replay.Genuine(stored); err != nil {
		return err
	}
	if m.Commits == 0 {
		m.FirstPosition = stored.Position
	}
	if m.Commits == 0 || (stored.Position-1)/verify.TileWidth != (m.LastPosition-1)/verify.TileWidth {
		e.tiles = append(e.tiles, stored.Position)
	}
	m.LastPosition, e.bare = stored.Position, e.bare || len(stored.Header) == 0
	m.Commits, m.Events = m.Commits+1, m.Events+len(stored.Commit.Events)
	for _, out := range e.writers {
		if err := out.write(stored); err != nil {
			return fmt.Errorf("%s, position %d: %w", out.file.Name(), stored.Position, err)
		}
	}
	return nil
}

// Finish closes the files and writes the manifest. The request is in about; position is
// how far the history was read.
func (e *Export) Finish(about About, position uint64) (Manifest, error) {
	m := &e.manifest
	m.Version, m.About, m.UntilPosition = version, about, position
	m.MakeTime = m.MakeTime.UTC().Truncate(time.Millisecond)
	for _, out := range e.writers {
		file, err := out.close()
		if err != nil {
			return *m, err
		}
		m.Files = append(m.Files, file)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return *m, err
	}
	return *m, atomic.WriteFile(filepath.Join(e.folder, ManifestName), bytes.NewReader(append(text, '\n')))
}

// Abandon closes open files. It leaves the folder without a manifest.
func (e *Export) Abandon() error {
	var failed error
	for _, out := range e.writers {
		failed = errors.Join(failed, out.file.Close())
	}
	return failed
}
