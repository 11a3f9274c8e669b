package recovery

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/note"

	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/boltfile"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// signed is what the earlier log's own key has signed. Nothing else counts.
type signed struct {
	log         verify.Log
	key         string // as in its log.vkey; empty if nothing was signed
	checkpoints []verify.Checkpoint
	newest      *eventv1.SignedCheckpoint // that of the largest size
	// subjects are those of commits that audit had read, by position.
	subjects map[uint64]string
}

// readSigned reads the checkpoints in a folder of audit's, and one that was kept elsewhere, which
// must be of the same log. Audit's projection has what it had read in a bucket.
func readSigned(folder, bucket string, elsewhere []byte) (s signed, err error) {
	vkey, err := os.ReadFile(filepath.Join(folder, "log.vkey"))
	if errors.Is(err, fs.ErrNotExist) && elsewhere == nil {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	s.key = strings.TrimSpace(string(vkey))
	if s.log, err = verify.ParseLog(s.key); err != nil {
		return s, err
	}
	for _, file := range []string{"checkpoint", "checkpoint.shown", "checkpoint.kept"} {
		if text, err := os.ReadFile(filepath.Join(folder, file)); err == nil {
			s.add(text) // one that is damaged proves nothing
		}
	}
	if elsewhere != nil {
		if err := s.add(elsewhere); err != nil {
			return s, fmt.Errorf("the checkpoint is not one of this log: %w", err)
		}
	}
	s.subjects = subjectsIn(filepath.Join(folder, "model.db"), bucket)
	return s, nil
}

func (s *signed) add(text []byte) error {
	c, err := verify.OpenCheckpoint(text, s.log)
	if err != nil {
		return err
	}
	if c.Size >= s.size() {
		if s.newest, err = signatureOf(text, s.log, c); err != nil {
			return err
		}
	}
	for _, known := range s.checkpoints {
		if known.Size == c.Size && known.Root == c.Root {
			return nil
		}
	}
	s.checkpoints = append(s.checkpoints, c)
	return nil
}

// signatureOf is a checkpoint as an event names it.
func signatureOf(text []byte, log verify.Log, c verify.Checkpoint) (*eventv1.SignedCheckpoint, error) {
	opened, err := note.Open(text, note.VerifierList(log))
	if err != nil {
		return nil, err
	}
	raw, err := base64.StdEncoding.DecodeString(opened.Sigs[0].Base64)
	if err != nil || len(raw) < 4 {
		return nil, fmt.Errorf("its signature is damaged: %w", err)
	}
	return &eventv1.SignedCheckpoint{Size: uint64(c.Size), Root: c.Root[:], Signature: raw[4:]}, nil
}

// size is the largest size that was signed.
func (s *signed) size() (largest int64) {
	for _, c := range s.checkpoints {
		largest = max(largest, c.Size)
	}
	return largest
}

// read is the last position that audit had read. Audit refuses a log that ends before it, so a
// recovery must know of it too.
func (s *signed) read() (last uint64) {
	for position := range s.subjects {
		last = max(last, position)
	}
	return last
}

// generation is the number that a recovered log has in its name.
var generation = regexp.MustCompile(`^(.+/[a-z]+)\.([0-9]+)$`)

// successor is the name of the new log: a witness refuses another history under the same name.
func (s *signed) successor() string {
	if parts := generation.FindStringSubmatch(s.log.Name()); parts != nil {
		if number, err := strconv.Atoi(parts[2]); err == nil {
			return fmt.Sprintf("%s.%d", parts[1], number+1)
		}
	}
	return s.log.Name() + ".2"
}

// subjectsIn reads from audit's projection whose commits were at which position, to name what was
// lost. A projection that cannot be read names nothing.
func subjectsIn(path, name string) map[uint64]string {
	subjects := map[uint64]string{}
	if _, err := os.Stat(path); err != nil {
		return subjects
	}
	file, err := boltfile.Open(path)
	if err != nil {
		return subjects
	}
	defer file.Close()
	file.View(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket([]byte(name))
		if bucket == nil {
			return nil
		}
		return bucket.ForEach(func(key, _ []byte) error {
			if len(key) < len(projection.PositionKey(0)) {
				return nil
			}
			subjects[projection.KeyPosition(key)] = subjectIn(key)
			return nil
		})
	})
	return subjects
}

// subjectIn is the subject of a place. The access log has one subject, and its places are positions.
func subjectIn(key []byte) string {
	if len(key) == len(projection.PositionKey(0)) {
		return eventlog.AccessSubject
	}
	return projection.KeySubject(key)
}
