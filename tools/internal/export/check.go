package export

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/files"
)

// Checked is what a check looked at, and found in order.
type Checked struct {
	Manifest Manifest
	// Chained says that the appends were read again and follow each other. Only a
	// JSONL file can be read so.
	Chained bool
	// Complete says that everything after a position and up to another was asked for,
	// and is here.
	Complete bool
	// Proved is the checkpoint in whose history each append was found; nil where
	// nothing is proved.
	Proved *verify.Checkpoint
}

// Check compares an export with its manifest: that every file is there and whole,
// and that the appends are as many as it says, in order, each with the hash of its
// bytes and with that of the one before it in its conversation, where the export
// has both. Where tiles came with it, each append must be in the history that the
// manifest's checkpoint tells of; with a policy they must have come, and the
// checkpoint must be what it asks for. An export that a kind of event, a line or a
// time bounds may lack appends in between.
//
// The error has a line for each fault.
func Check(folder string, trust Trust) (Checked, error) {
	m, err := ReadManifest(folder)
	if err != nil {
		return Checked{}, err
	}
	checked, faults := Checked{Manifest: m}, []error{consistent(m)}
	c := check{folder: folder, manifest: m, proof: proof{services: trust.Services}}
	signed, err := trust.open(m)
	if faults = append(faults, err); err == nil && m.Proved {
		checked.Proved, c.proof.leaves = &signed, newLeaves(signed, copied{ctx: context.Background(), folder: files.Folder(filepath.Join(folder, tilesFolder))})
	}
	for _, file := range m.Files {
		if err := c.file(file); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", file.Name, err))
		}
		checked.Chained = checked.Chained || file.Format == JSONL
	}
	checked.Complete = checked.Chained && complete(m)
	return checked, errors.Join(faults...)
}

// gapless says that nothing may be missing between two appends of a conversation or
// line, and complete that nothing may be missing at all.
func gapless(m Manifest) bool {
	return len(m.EventTypes) == 0 && m.Line == "" && m.StartTime == nil && m.EndTime == nil
}

func complete(m Manifest) bool { return gapless(m) && m.Conversation == "" }

// consistent refuses a manifest that contradicts itself.
func consistent(m Manifest) error {
	switch {
	case len(m.Files) == 0:
		return errors.New("the manifest names no file")
	case (m.Appends == 0) != (m.FirstPosition == 0), m.FirstPosition > m.LastPosition, m.LastPosition > m.UntilPosition,
		m.AfterPosition > m.UntilPosition, m.Appends > 0 && m.FirstPosition <= m.AfterPosition:
		return errors.New("the manifest contradicts itself about the positions")
	case m.Proved && (m.Checkpoint == "" || !slices.ContainsFunc(m.Files, func(f File) bool { return f.Format == JSONL })):
		return errors.New("the manifest contradicts itself: it has no checkpoint or no JSON lines, and says that they are proved")
	}
	return nil
}

// check is what the files of an export are held against.
type check struct {
	folder   string
	manifest Manifest
	proof    proof
}

func (c check) file(file File) error {
	if file.Name != fileNames[file.Format] {
		return fmt.Errorf("the manifest calls it %q; want %q", file.Format, fileNames[file.Format])
	}
	text, err := os.Open(filepath.Join(c.folder, file.Name))
	if err != nil {
		return err
	}
	defer text.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, text)
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
