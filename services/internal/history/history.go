// Package history makes a log provable: it follows it with a Merkle tree, signs
// checkpoints, has witnesses cosign them, and publishes those that enough have
// cosigned. At the start it compares the log with what was signed, and nothing
// may be appended to one that is not the same.
//
// Everything is in one folder: tree.db, the newest published checkpoint (checkpoint)
// and the newest that witnesses were shown (checkpoint.shown), the log's key
// (checkpoint.key) and its public half for those who verify (log.vkey). A policy elsewhere
// says which witnesses are asked, and how many are needed.
package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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
	keyFile        = "checkpoint.key"
	publicFile     = "log.vkey"
)

// PolicyFile is what a platform calls the file with its trust policy.
const PolicyFile = "trust.policy"

// Config says which history is kept where.
type Config struct {
	// Folder for its files.
	Folder string
	// Policy is the file that says who must cosign. Where there is none, nobody.
	Policy string
	// Origin names the log to everybody who verifies it.
	Origin string
	// Stream is the log, byte for byte.
	Stream *rawlog.Stream
	// Logger takes identifiers and codes.
	Logger *slog.Logger
}

// History is an open history.
type History struct {
	Config
	tree      *tree.Tree
	log       verify.Log
	policy    *verify.Policy // nil where no witness is asked
	witnesses *witnesses.Witnesses

	// signed is what was signed before the start, as far as the files beside the tree say.
	signed []verify.Checkpoint
	// shown is what witnesses were asked to cosign last.
	shown verify.Checkpoint

	mu        sync.Mutex
	published []byte
}

// Open opens a history and compares the log with it. Errors: ErrAltered where
// the log does not have what was signed; then nothing may be appended to it.
func Open(ctx context.Context, c Config) (*History, error) {
	h := &History{Config: c}
	if err := h.open(ctx); err != nil {
		return nil, fmt.Errorf("history in %s: %w", c.Folder, err)
	}
	return h, nil
}

func (h *History) open(ctx context.Context) error {
	if err := os.MkdirAll(h.Folder, 0o700); err != nil {
		return err
	}
	signer, err := h.signer()
	if err != nil {
		return err
	}
	h.log = signer.Log
	// A file that cannot be read is told of only once the log was compared with the others.
	unreadable := errors.Join(h.openPolicy(), h.openPublished())
	if err := h.openTree(signer); err != nil {
		return err
	}
	if err := h.start(ctx, unreadable); err != nil {
		return errors.Join(err, h.tree.Close())
	}
	return atomic.WriteFile(h.path(publicFile), strings.NewReader(signer.VKey()+"\n"))
}

// openTree opens the tree. One whose file is damaged is set aside, and made anew from
// the log by start: it has nothing that the log does not have, and what was signed of it
// lies beside it as well. No child is to wait for somebody to delete a file.
func (h *History) openTree(signer verify.LogSigner) (err error) {
	path := h.path(treeFile)
	if h.tree, err = tree.Open(path, signer, h.Logger); !errors.Is(err, tree.ErrDamaged) {
		return err
	}
	h.Logger.Error("the tree is made anew from the log, and the damaged file set aside; look at the disk", "aside", path+".damaged", "error", err)
	if err := os.Rename(path, path+".damaged"); err != nil {
		return err
	}
	h.tree, err = tree.Open(path, signer, h.Logger)
	return err
}

// start compares, and makes a tree anew that was lost.
func (h *History) start(ctx context.Context, unreadable error) error {
	signed, err := h.compare(ctx)
	if err := cmp.Or(err, unreadable); err != nil {
		return err
	}
	if had := h.tree.Head().Size; had < signed {
		h.Logger.Warn("the tree is made anew from the log, because it has less than was signed", "had", had, "signed", signed)
	}
	return h.grow(ctx, signed)
}

func (h *History) path(file string) string { return filepath.Join(h.Folder, file) }

// Tree is the tree, whose head may be newer than what is published.
func (h *History) Tree() *tree.Tree { return h.tree }

// Log is the log's name and public key.
func (h *History) Log() verify.Log { return h.log }

// Published is the newest checkpoint that enough witnesses have cosigned; empty
// before the first.
func (h *History) Published() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.published
}

// Close closes the files.
func (h *History) Close() error { return h.tree.Close() }
