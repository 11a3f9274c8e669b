// Package tree keeps the Merkle tree over a log in one bbolt file: its leaves and hashes as
// tiles, and the newest signed checkpoint, which holds its size and root. Each extension is
// one transaction, checkpoint included, and a signature is given out only after it. So there
// are never two roots for one size, whenever the process is killed.
//
// Trusted: whoever can write to the file and has the log's key can present another history.
// Witnesses and holders of an earlier checkpoint notice. Without the key, changes are refused
// when the file is opened.
package tree

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/boltfile"
)

// ErrDamaged: the file does not hold the tree that its checkpoint describes. The tree can be
// rebuilt from the log.
var ErrDamaged = errors.New("the tree's file is damaged")

// ErrNotThere: the tree has no such leaf, size or tile.
var ErrNotThere = errors.New("the tree does not have it")

var (
	tilesBucket = []byte("tiles")
	metaBucket  = []byte("meta")
	signedKey   = []byte("signed")
)

// Head is the tree's newest signed state.
type Head struct {
	verify.Checkpoint
	// Signed is the checkpoint with the log's signature; empty before the first.
	Signed []byte
}

type Tree struct {
	file   *boltfile.File
	signer verify.LogSigner
	logger *slog.Logger

	mu   sync.Mutex
	head Head
}

// Open opens the tree in a file, or creates an empty one. It logs each step. Errors:
// ErrDamaged.
func Open(path string, signer verify.LogSigner, logger *slog.Logger) (*Tree, error) {
	opened, err := boltfile.Open(path)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", path, damaged(err))
	}
	t := &Tree{file: opened, signer: signer, logger: logger}
	if err := t.load(); err != nil {
		opened.Close()
		return nil, fmt.Errorf("tree %s: %w", path, err)
	}
	return t, nil
}

// damaged reports a damaged page as ErrDamaged.
func damaged(err error) error {
	if errors.Is(err, boltfile.ErrDamaged) {
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	}
	return err
}

func (t *Tree) view(do func(*bbolt.Tx) error) error   { return damaged(t.file.View(do)) }
func (t *Tree) update(do func(*bbolt.Tx) error) error { return damaged(t.file.Update(do)) }

// load creates the buckets of a new file, and checks everything in an existing one.
func (t *Tree) load() error {
	isNew := false
	err := t.view(func(tx *bbolt.Tx) (err error) {
		if first, _ := tx.Cursor().First(); first == nil {
			isNew = true
			return nil
		}
		if tx.Bucket(metaBucket) == nil || tx.Bucket(tilesBucket) == nil {
			return fmt.Errorf("%w: a part of it is missing", ErrDamaged)
		}
		if t.head, err = t.readHead(tx); err != nil {
			return err
		}
		return checkAll(tx, t.head)
	})
	if err != nil || !isNew {
		return err
	}
	t.head = t.empty()
	return t.update(func(tx *bbolt.Tx) error {
		_, tiles := tx.CreateBucket(tilesBucket)
		_, meta := tx.CreateBucket(metaBucket)
		return errors.Join(tiles, meta)
	})
}

// empty is the head before the first checkpoint.
func (t *Tree) empty() Head {
	return Head{Checkpoint: verify.Checkpoint{Origin: t.signer.Name(), Root: (&verify.Frontier{}).Root()}}
}

func (t *Tree) readHead(tx *bbolt.Tx) (Head, error) {
	signed := tx.Bucket(metaBucket).Get(signedKey)
	if signed == nil {
		return t.empty(), nil
	}
	c, err := verify.OpenCheckpoint(signed, t.signer)
	if err != nil {
		return Head{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return Head{Checkpoint: c, Signed: append([]byte(nil), signed...)}, nil
}

// check compares the tree's right edge, from which it grows, with its head.
func check(tx *bbolt.Tx, head Head) error {
	root, err := tlog.TreeHash(head.Size, hashes(tx))
	if err != nil {
		return err
	}
	if root != head.Root {
		return fmt.Errorf("%w: its root at size %d is not the one that was signed", ErrDamaged, head.Size)
	}
	return nil
}

// Head is the newest signed state. The tree never holds more than it covers.
func (t *Tree) Head() Head {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.head
}

// Extend adds leaves after a size, which must be the tree's, and signs the result. When it
// returns, the new head is on disk.
func (t *Tree) Extend(after int64, leaves []tlog.Hash) (Head, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if after != t.head.Size {
		return t.head, fmt.Errorf("the tree has %d leaves, and these follow %d", t.head.Size, after)
	}
	head := t.head
	err := t.update(func(tx *bbolt.Tx) (err error) {
		if err = check(tx, t.head); err != nil {
			return err
		}
		head, err = t.extend(tx, leaves)
		return err
	})
	if err == nil {
		t.logger.Debug("checkpoint recorded", "size", head.Size)
		t.head = head
	}
	return t.head, err
}

func (t *Tree) extend(tx *bbolt.Tx, leaves []tlog.Hash) (Head, error) {
	if err := appendHashes(tx, 0, t.head.Size, leaves); err != nil {
		return Head{}, err
	}
	t.logger.Debug("leaves added", "size", t.head.Size+int64(len(leaves)))
	c := verify.Checkpoint{Origin: t.head.Origin, Size: t.head.Size + int64(len(leaves))}
	var err error
	if c.Root, err = tlog.TreeHash(c.Size, hashes(tx)); err != nil {
		return Head{}, err
	}
	signed, err := note.Sign(&note.Note{Text: c.Text()}, t.signer)
	if err != nil {
		return Head{}, err
	}
	t.logger.Debug("checkpoint signed", "size", c.Size)
	return Head{Checkpoint: c, Signed: signed}, tx.Bucket(metaBucket).Put(signedKey, signed)
}

// Close closes the file.
func (t *Tree) Close() error { return t.file.Close() }
