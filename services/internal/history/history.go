// Package history makes a log provable: it builds a Merkle tree over it, signs checkpoints,
// has witnesses cosign them, and publishes those with enough cosignatures. At startup it
// compares the end of the log with what was signed, and then all of it; nothing may be appended
// to a log that differs.
//
// Everything is in one folder: tree.db, the newest published checkpoint (checkpoint), the
// newest that witnesses were shown (checkpoint.shown) and one that others kept and the tree did
// not have (checkpoint.kept), the log's key (checkpoint.key) and its public half for verifiers
// (log.vkey). After a recovery, log.origin has the log's new name. A policy outside the folder
// says which witnesses are asked, and how many are needed.
package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/natefinch/atomic"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/tree"
	"github.com/stafett/stafett/services/internal/witnesses"
	"github.com/stafett/stafett/services/rawlog"
)

// The files in a history's folder.
const (
	treeFile       = "tree.db"
	checkpointFile = "checkpoint"
	shownFile      = "checkpoint.shown"
	keptFile       = "checkpoint.kept"
	keyFile        = "checkpoint.key"
	publicFile     = "log.vkey"
	originFile     = "log.origin"
)

// PolicyFile is the platform's name for the file with its trust policy.
const PolicyFile = "trust.policy"

// Config says where a history is kept.
type Config struct {
	// Folder for the history's files.
	Folder string
	// Policy is the file that says who must cosign. If it does not exist, nobody must.
	Policy string
	// Origin is the log's name for all verifiers.
	Origin string
	// Stream is the log, byte for byte.
	Stream *rawlog.Stream
	// Kept is a signed checkpoint of this log that somebody kept; nil if there is none.
	Kept []byte
	// Logger receives identifiers and codes.
	Logger *slog.Logger
}

type History struct {
	Config
	tree      *tree.Tree
	log       verify.Log
	policy    *verify.Policy // nil if no witness is asked
	witnesses *witnesses.Witnesses

	// begins is whether there was no tree: the log is new, or the file was lost. A first run
	// that was stopped before it signed leaves an empty one.
	begins bool
	// shown is the newest checkpoint that witnesses were asked to cosign.
	shown verify.Checkpoint
	// kept is the largest checkpoint in its file that others kept and the tree did not have.
	kept verify.Checkpoint

	mu        sync.Mutex
	published []byte
	// signed are the checkpoints that were signed according to the files beside the tree, and
	// to others who kept them.
	signed []verify.Checkpoint
	// unheard are the witnesses to ask what they have cosigned; doubted has one if there are
	// more.
	unheard map[string]bool
	doubted chan struct{}
}

// Open opens a history and compares the end of the log with it, in a time that does not depend
// on the log's length. Compare compares the rest. Errors: ErrAltered if the log differs from what
// was signed; nothing may then be appended to it.
func Open(ctx context.Context, c Config) (*History, error) {
	h := &History{Config: c, unheard: map[string]bool{}, doubted: make(chan struct{}, 1)}
	if err := h.open(ctx); err != nil {
		return nil, fmt.Errorf("history in %s: %w", c.Folder, err)
	}
	return h, nil
}

func (h *History) open(ctx context.Context) error {
	if err := os.MkdirAll(h.Folder, 0o700); err != nil {
		return err
	}
	if err := h.rename(); err != nil {
		return err
	}
	signer, err := h.signer()
	if err != nil {
		return err
	}
	h.log = signer.Log
	if err := h.openKept(); err != nil {
		return err
	}
	// Report an unreadable file only after comparing the log with the others.
	unreadable := errors.Join(h.openPolicy(), h.openPublished())
	if err := h.openTree(signer); err != nil {
		return err
	}
	if err := h.start(ctx, unreadable); err != nil {
		return errors.Join(err, h.tree.Close())
	}
	return atomic.WriteFile(h.path(publicFile), strings.NewReader(signer.VKey()+"\n"))
}

// openTree opens the tree. A damaged file is moved aside, and start rebuilds the tree from the
// log: it has nothing that the log does not have, and what was signed is also stored beside
// it. No child has to wait for somebody to delete a file.
func (h *History) openTree(signer verify.LogSigner) (err error) {
	path := h.path(treeFile)
	_, absent := os.Stat(path)
	h.begins = errors.Is(absent, fs.ErrNotExist)
	if h.tree, err = tree.Open(path, signer, h.Logger); !errors.Is(err, tree.ErrDamaged) {
		return err
	}
	h.Logger.Error("the tree's file is damaged; it was set aside, and the tree is rebuilt from the log; check the disk", "aside", path+".damaged", "error", err)
	if err := os.Rename(path, path+".damaged"); err != nil {
		return err
	}
	h.tree, err = tree.Open(path, signer, h.Logger)
	return err
}

// start compares the end of the log with the tree and with what others kept. If that differs, or
// the tree is lost, it compares the whole log, which finds the first position that differs, and
// rebuilds the tree.
func (h *History) start(ctx context.Context, unreadable error) error {
	unreadable = errors.Join(unreadable, h.recall(ctx))
	matches, err := h.endsAsSigned(ctx)
	if err == nil && !matches {
		err = h.Compare(ctx)
	}
	if err := cmp.Or(err, unreadable); err != nil || matches {
		return err
	}
	_, signed, err := h.comparison()
	if had := h.tree.Head().Size; had < signed {
		h.Logger.Warn("the tree is rebuilt from the log, because it has less than was signed", "had", had, "signed", signed)
	}
	return cmp.Or(err, h.grow(ctx, signed))
}

func (h *History) path(file string) string { return filepath.Join(h.Folder, file) }

// Tree returns the tree, whose head may be newer than the published checkpoint.
func (h *History) Tree() *tree.Tree { return h.tree }

// Log returns the log's name and public key.
func (h *History) Log() verify.Log { return h.log }

// Published returns the newest checkpoint that enough witnesses have cosigned; empty before
// the first.
func (h *History) Published() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.published
}

// Close closes the files.
func (h *History) Close() error { return h.tree.Close() }
