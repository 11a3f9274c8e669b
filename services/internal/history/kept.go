package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/natefinch/atomic"

	"github.com/stafett/stafett/pkg/verify"
)

// ErrForeign: the checkpoint that was given to compare with is not one of this log.
var ErrForeign = errors.New("the checkpoint to compare with is not one of this log")

// hearsWithin is how long a start waits for witnesses. Those that are silent are asked again
// while everything is served.
const hearsWithin = time.Second

// openKept reads the checkpoint that somebody kept and gave to compare with.
func (h *History) openKept() error {
	if h.Kept == nil {
		return nil
	}
	if _, err := verify.OpenCheckpoint(h.Kept, h.log); err != nil {
		return fmt.Errorf("%w: %w; after \"stafett recover\" the log has another name and key", ErrForeign, err)
	}
	return nil
}

// recall compares the tree with what others have kept: the checkpoint that was given, and those
// of the witnesses.
func (h *History) recall(ctx context.Context) error {
	if h.Kept != nil {
		if err := h.learn(map[string][]byte{"the one that was given": h.Kept}); err != nil {
			return err
		}
	}
	if h.witnesses == nil {
		return nil
	}
	h.unheard = h.witnesses.Names()
	ctx, cancel := context.WithTimeout(ctx, hearsWithin)
	defer cancel()
	return h.hear(ctx)
}

// hear asks the witnesses that were not heard yet what they have cosigned last.
func (h *History) hear(ctx context.Context) error {
	h.mu.Lock()
	names := maps.Clone(h.unheard)
	h.mu.Unlock()
	texts, silent := h.witnesses.Newest(ctx, h.log.Name(), names)
	for name, err := range silent {
		h.Logger.Warn("a witness does not say what it has cosigned; it is asked again", "witness", name, "error", err)
	}
	h.mu.Lock()
	for name := range texts {
		delete(h.unheard, name)
	}
	h.mu.Unlock()
	return h.learn(texts)
}

// learn adds checkpoints that the tree does not have to those that were signed. They count if
// this log's own key signed them, and nothing else does: a witness alone cannot stop a platform.
// The largest is kept in a file, so that it counts as well when nobody is there to repeat it.
func (h *History) learn(texts map[string][]byte) error {
	for _, who := range slices.Sorted(maps.Keys(texts)) {
		c, err := verify.OpenCheckpoint(texts[who], h.log)
		if err != nil || h.has(c) {
			continue
		}
		h.Logger.Error("this log's own key has signed a checkpoint that the tree does not have", "kept_by", who, "size", c.Size, "root", c.Root, "own_size", h.tree.Head().Size)
		h.mu.Lock()
		h.signed = append(h.signed, c)
		h.mu.Unlock()
		if c.Size > h.kept.Size {
			h.kept = c
			if err := atomic.WriteFile(h.path(keptFile), bytes.NewReader(texts[who])); err != nil {
				return err
			}
		}
	}
	return nil
}

// has reports whether the tree has a checkpoint, or it is known already that it has not.
func (h *History) has(c verify.Checkpoint) bool {
	if slices.Contains(h.before(), c) {
		return true
	}
	root, err := h.tree.Root(c.Size)
	return err == nil && root == c.Root
}

// before are the checkpoints that were signed according to others than the tree.
func (h *History) before() []verify.Checkpoint {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.signed)
}

// hearAgain asks witnesses that were silent, and those that refuse to cosign what they are
// shown. Errors: ErrAltered, if one has what this log's own key signed and the log does not have.
func (h *History) hearAgain(ctx context.Context) error {
	if h.witnesses == nil {
		return nil
	}
	for compared := len(h.before()); ctx.Err() == nil; {
		if err := h.hear(ctx); err != nil {
			h.Logger.Warn("what a witness has cosigned could not be kept", "error", err)
		}
		if known := len(h.before()); known > compared {
			err := h.Compare(ctx)
			if errors.Is(err, ErrAltered) {
				return err
			}
			if err == nil {
				compared = known
			}
		}
		h.untilDoubted(ctx, compared < len(h.before()))
	}
	return nil
}

// untilDoubted waits until there is a witness to ask, or something to compare again.
func (h *History) untilDoubted(ctx context.Context, unfinished bool) {
	h.mu.Lock()
	unfinished = unfinished || len(h.unheard) > 0
	h.mu.Unlock()
	var retry <-chan time.Time
	if unfinished {
		retry = time.After(again)
	}
	select {
	case <-ctx.Done():
	case <-h.doubted:
	case <-retry:
	}
}

// doubt has a witness asked what it has cosigned.
func (h *History) doubt(witness string) {
	h.mu.Lock()
	h.unheard[witness] = true
	h.mu.Unlock()
	select {
	case h.doubted <- struct{}{}:
	default:
	}
}
