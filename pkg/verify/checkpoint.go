package verify

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint states a log's root at a size.
type Checkpoint struct {
	// Origin names the log.
	Origin string
	// Size is the number of commits in the history.
	Size int64
	// Root of the tree over them.
	Root tlog.Hash
	// Extensions are further lines, each with its newline. They are signed and kept, and mean
	// nothing here.
	Extensions string
}

// Text returns the checkpoint as a note's text.
func (c Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%s", c.Origin, c.Size, c.Root, c.Extensions)
}

// ErrCheckpoint: the text is not a checkpoint.
var ErrCheckpoint = errors.New("not a checkpoint")

// ParseCheckpoint reads a note's text in the C2SP tlog-checkpoint format. Errors:
// ErrCheckpoint.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) != 4 || lines[0] == "" {
		return Checkpoint{}, fmt.Errorf("%w: it begins with three lines, origin, size and root", ErrCheckpoint)
	}
	extensions := lines[3]
	if extensions != "" && (!strings.HasSuffix(extensions, "\n") || strings.HasPrefix(extensions, "\n") || strings.Contains(extensions, "\n\n")) {
		return Checkpoint{}, fmt.Errorf("%w: an extension line is empty or does not end", ErrCheckpoint)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, fmt.Errorf("%w: its size is %q", ErrCheckpoint, lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil || root.String() != lines[2] {
		return Checkpoint{}, fmt.Errorf("%w: its root is %q, not 32 bytes in base64", ErrCheckpoint, lines[2])
	}
	if size == 0 && root != emptyRoot {
		return Checkpoint{}, fmt.Errorf("%w: it is of an empty history, and its root is not the empty tree's", ErrCheckpoint)
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: root, Extensions: extensions}, nil
}

var emptyRoot, _ = tlog.TreeHash(0, nil)

// ErrSignature: the checkpoint is not signed by the expected log.
var ErrSignature = errors.New("the checkpoint is not signed by this log")

// OpenCheckpoint reads a signed checkpoint. Errors: ErrSignature if the log's key did not
// sign it, or if it belongs to another log.
func OpenCheckpoint(signed []byte, log note.Verifier) (Checkpoint, error) {
	opened, err := note.Open(signed, note.VerifierList(log))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%w (%s): %w", ErrSignature, log.Name(), err)
	}
	for _, s := range opened.Sigs {
		// note ignores insignificant bits, but no bit may change unnoticed.
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return Checkpoint{}, fmt.Errorf("%w (%s): its signature was altered", ErrSignature, log.Name())
		}
	}
	c, err := ParseCheckpoint(opened.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Origin != log.Name() {
		return Checkpoint{}, fmt.Errorf("%w: its origin is %s, the key is of %s", ErrSignature, c.Origin, log.Name())
	}
	return c, nil
}

// UnverifiedCheckpoint reads a signed checkpoint without verifying signatures. Use it only to
// find the key with which to open the checkpoint.
func UnverifiedCheckpoint(signed []byte) (Checkpoint, error) {
	end := strings.Index(string(signed), "\n\n")
	if end < 0 {
		return Checkpoint{}, fmt.Errorf("%w: it has no signatures after an empty line", ErrCheckpoint)
	}
	return ParseCheckpoint(string(signed[:end+1]))
}
