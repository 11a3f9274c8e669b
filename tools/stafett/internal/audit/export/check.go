package export

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/files"
)

// Checked tells what a check covered and found in order.
type Checked struct {
	Manifest Manifest
	// Chained means that the commits were read again and follow each other. This needs a JSONL
	// file.
	Chained bool
	// Complete means that every commit between two positions was requested, and is present.
	Complete bool
	// Compared means that the other files agree with the JSON lines, from which they are
	// written again.
	Compared bool
	// Proved is the checkpoint whose history contains every commit; nil if nothing is proved.
	Proved *verify.Checkpoint
}

// Check verifies an export against its manifest: that every file is present and intact,
// and no other; that the commits match the request that the manifest states; that their
// number is right and they are in order; and that each has the hash of its bytes and that
// of the previous commit in its conversation, if the export contains both. If the export
// includes tiles, each commit must be in the history of the manifest's checkpoint; with a
// policy the tiles are required, and the checkpoint must satisfy it. An export limited by
// kind of event, line or time may lack commits in between.
//
// The error has a line for each fault.
func Check(ctx context.Context, folder string, trust Trust) (Checked, error) {
	m, err := ReadManifest(folder)
	if err != nil {
		return Checked{}, err
	}
	checked := Checked{Manifest: m, Chained: m.has(JSONL), Compared: m.has(JSONL), Complete: m.has(JSONL) && complete(m) && m.StartTime == nil && m.EndTime == nil}
	signed, err := trust.open(m)
	if err := errors.Join(err, consistent(m), tidy(folder, m)); err != nil {
		return checked, err
	}
	c := check{ctx: ctx, folder: folder, manifest: m, proof: proof{services: trust.Services}}
	if m.Proved {
		checked.Proved, c.proof.leaves = &signed, newLeaves(signed, copied{ctx: ctx, folder: files.Folder(filepath.Join(folder, tilesFolder))})
	}
	if err = c.files(); err == nil && checked.Compared {
		err = c.compared()
	}
	return checked, err
}

// gapless means that no commit may be missing between two of a conversation or line, and
// complete that none may be missing at all.
func gapless(m Manifest) bool { return len(m.EventTypes) == 0 && m.Line == "" }

func complete(m Manifest) bool { return gapless(m) && m.Conversation == "" }

// check is the reference for the files of an export.
type check struct {
	ctx      context.Context
	folder   string
	manifest Manifest
	proof    proof
}

// files compares each file with its entry in the manifest.
func (c check) files() error {
	var faults []error
	for _, file := range c.manifest.Files {
		if err := c.file(file); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", file.Name, err))
		}
	}
	return errors.Join(faults...)
}

func (c check) file(file File) error {
	text, err := os.Open(filepath.Join(c.folder, file.Name))
	if err != nil {
		return err
	}
	defer text.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, interruptible{c.ctx, text})
	switch sum := fmt.Sprintf("%x", hash.Sum(nil)); {
	case err != nil:
		return err
	case size != file.Bytes:
		return fmt.Errorf("it has %d bytes, the manifest says %d; copy it again, or export again", size, file.Bytes)
	case sum != file.SHA256:
		return fmt.Errorf("its SHA-256 is %s, the manifest says %s; copy it again, or export again", sum, file.SHA256)
	}
	return c.counted(text, file)
}

// interruptible stops reading when the context ends: exports can be large.
type interruptible struct {
	ctx  context.Context
	from io.Reader
}

func (i interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.from.Read(p)
}
