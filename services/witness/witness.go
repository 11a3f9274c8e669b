// Package witness is a witness as defined by C2SP tlog-witness: a small server that any line,
// ombud or auditor can run. It cosigns a log's checkpoint if that extends the newest one that
// it has cosigned, and refuses every other. So whoever holds the log's key cannot show one
// history to the witness and another to someone else.
//
// Its state is one bbolt file. Trusted: whoever can make it forget can have two histories
// cosigned.
//
// It is public for programs that run a witness themselves; the command `stafett witness` is
// one. Its API is OpenIn, Open, Handler, VKey and Close.
package witness

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/boltfile"
)

// Reasons for not cosigning a checkpoint.
var (
	errUnknownLog    = errors.New("this witness does not know the log; ask its owner to add the log's key")
	errSignature     = errors.New("the checkpoint is not signed with the log's key")
	errOlder         = errors.New("the old size is larger than the checkpoint's")
	errInconsistent  = errors.New("the checkpoint does not continue the history that was cosigned")
	errOtherRoot     = errors.New("another root was cosigned at this size")
	errOtherSize     = errors.New("another size was cosigned")
	checkpointBucket = []byte("checkpoints")
)

// Witness cosigns checkpoints of the logs that it knows.
type Witness struct {
	db       *boltfile.File
	cosigner verify.Cosigner
	logs     map[string][]verify.Log // by origin: one, or several while a log changes its key
	logger   *slog.Logger
}

// Open opens a witness whose state is in a file. It refuses a state with cosignatures for a
// log under a key that is not among those given.
func Open(path string, cosigner verify.Cosigner, logs []verify.Log, logger *slog.Logger) (*Witness, error) {
	db, err := boltfile.Open(path)
	if errors.Is(err, bbolterrors.ErrTimeout) {
		return nil, fmt.Errorf("witness %s: another process uses it; stop that one first", path)
	}
	if err != nil {
		return nil, fmt.Errorf("witness %s: %w", path, err)
	}
	w := &Witness{db: db, cosigner: cosigner, logs: map[string][]verify.Log{}, logger: logger}
	for _, log := range logs {
		w.logs[log.Name()] = append(w.logs[log.Name()], log)
	}
	if err := db.Update(w.start); err != nil {
		db.Close()
		return nil, fmt.Errorf("witness %s: %w", path, err)
	}
	return w, nil
}

// start creates the bucket, and checks that earlier cosignatures can still be read.
func (w *Witness) start(tx *bbolt.Tx) error {
	if _, err := tx.CreateBucketIfNotExists(checkpointBucket); err != nil {
		return err
	}
	for origin := range w.logs {
		if _, _, err := w.before(tx, origin); err != nil {
			return err
		}
	}
	return nil
}

// VKey is the line that others write into their policies to trust this witness.
func (w *Witness) VKey() string { return w.cosigner.VKey() }

// Close closes the file.
func (w *Witness) Close() error { return w.db.Close() }

// submission is a checkpoint to be cosigned, with the proof that it extends the history of an
// older size.
type submission struct {
	older  int64
	proof  tlog.TreeProof
	signed []byte
}

// add cosigns a checkpoint. The comparison with the previous one and the record of the new one
// are one transaction, which is on disk before add returns. With an error it returns the size
// that was cosigned before.
func (w *Witness) add(s submission) (line string, size int64, err error) {
	c, err := w.open(s.signed)
	if err != nil {
		return "", 0, err
	}
	err = w.db.Update(func(tx *bbolt.Tx) error {
		before, known, err := w.before(tx, c.Origin)
		if err != nil {
			return err
		}
		size = before.Size
		if err := continues(before, c, s); err != nil {
			w.logger.Warn("checkpoint refused", "log", c.Origin, "size", c.Size, "root", c.Root, "error", err, "cosigned", string(known), "offered", string(s.signed))
			return err
		}
		line, err = w.cosign(c)
		if err != nil {
			return err
		}
		return tx.Bucket(checkpointBucket).Put([]byte(c.Origin), s.signed)
	})
	return line, size, err
}

// open parses a checkpoint of a known log. Those of other logs are not kept.
func (w *Witness) open(signed []byte) (verify.Checkpoint, error) {
	claimed, err := verify.UnverifiedCheckpoint(signed)
	if err != nil {
		return claimed, err
	}
	if len(w.logs[claimed.Origin]) == 0 {
		return claimed, errUnknownLog
	}
	return w.openBy(claimed.Origin, signed)
}

// openBy parses a checkpoint that one of a log's keys signed.
func (w *Witness) openBy(origin string, signed []byte) (c verify.Checkpoint, err error) {
	for _, log := range w.logs[origin] {
		if c, err = verify.OpenCheckpoint(signed, log); err == nil {
			return c, nil
		}
	}
	return c, fmt.Errorf("%w: %w", errSignature, err)
}

// before is the newest cosigned checkpoint; the empty one at first.
func (w *Witness) before(tx *bbolt.Tx, origin string) (verify.Checkpoint, []byte, error) {
	signed := tx.Bucket(checkpointBucket).Get([]byte(origin))
	if signed == nil {
		return verify.Checkpoint{Origin: origin}, nil, nil
	}
	c, err := w.openBy(origin, signed)
	if err != nil {
		return c, nil, fmt.Errorf("the last cosigned checkpoint of %s is signed with an unknown key: add the key that the log had then, or restore the witness's file (%v)", origin, err)
	}
	return c, signed, nil
}

// newest is the newest cosigned checkpoint of a log; nil before the first.
func (w *Witness) newest(origin string) (signed []byte, err error) {
	err = w.db.View(func(tx *bbolt.Tx) error {
		_, known, err := w.before(tx, origin)
		signed = bytes.Clone(known)
		return err
	})
	return signed, err
}

func continues(before, c verify.Checkpoint, s submission) error {
	switch {
	case s.older > c.Size:
		return errOlder
	case s.older != before.Size:
		return errOtherSize
	case s.older == c.Size && s.older > 0 && c.Root != before.Root:
		return errOtherRoot
	case s.older == 0 || s.older == c.Size:
		if len(s.proof) > 0 {
			return errInconsistent
		}
		return nil
	}
	if err := tlog.CheckTree(s.proof, c.Size, c.Root, before.Size, before.Root); err != nil {
		return errInconsistent
	}
	return nil
}

// cosign makes the signature line.
func (w *Witness) cosign(c verify.Checkpoint) (string, error) {
	signed, err := note.Sign(&note.Note{Text: c.Text()}, w.cosigner)
	if err != nil {
		return "", err
	}
	return string(signed[len(c.Text())+1:]), nil
}
