package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/natefinch/atomic"
	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/tree"
	"github.com/stafett/stafett/services/internal/witnesses"
	"github.com/stafett/stafett/services/rawlog"
)

const (
	// pace is the least time between two checkpoints while the log grows. The first commit
	// after a quiet moment is signed at once.
	pace = time.Second
	// again is the delay before witnesses that did not cosign are asked again.
	again = 5 * time.Second
	// atOnce is the most leaves that one transaction adds. Larger transactions wait less for
	// the disk (docs/decisions/0037).
	atOnce = 64 << 10
)

// Reader reads the log and refuses invalid commits. The tree follows it, so that nothing is
// signed that was not understood.
type Reader interface {
	Position() uint64
	Changed() <-chan struct{}
}

// Run follows a reader, and asks witnesses what they know, until the context ends. Any other end
// is an error: the log, or the tree, has lost something that it had.
func (h *History) Run(ctx context.Context, reader Reader) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.follow(ctx, reader) })
	group.Go(func() error { return h.hearAgain(ctx) })
	return group.Wait()
}

func (h *History) follow(ctx context.Context, reader Reader) error {
	for {
		changed := reader.Changed()
		settled, err := h.upTo(ctx, int64(reader.Position()))
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, ErrAltered) || errors.Is(err, tree.ErrDamaged) {
			return err
		}
		if err != nil {
			h.Logger.Warn("following the history failed; retrying", "error", err)
		}
		if !h.rest(ctx, changed, settled && err == nil) {
			return nil
		}
	}
}

// rest waits for the pace and for news, or until it is time to retry.
func (h *History) rest(ctx context.Context, changed <-chan struct{}, settled bool) bool {
	var retry <-chan time.Time
	if !settled {
		retry = time.After(again)
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pace):
	}
	select {
	case <-ctx.Done():
		return false
	case <-changed:
	case <-retry:
	}
	return true
}

// upTo extends the tree to a position and publishes the result. It reports whether enough
// witnesses have cosigned.
func (h *History) upTo(ctx context.Context, position int64) (settled bool, err error) {
	if err := h.grow(ctx, position); err != nil {
		return false, err
	}
	return h.publish(ctx)
}

func (h *History) grow(ctx context.Context, position int64) error {
	for size := h.tree.Head().Size; size < position; size = h.tree.Head().Size {
		if err := h.extend(ctx, size, min(position, size+atOnce)); err != nil {
			return err
		}
	}
	return nil
}

// extend reads the commits after a size back from the log's disk and adds them to the tree.
func (h *History) extend(ctx context.Context, size, to int64) error {
	leaves := make([]tlog.Hash, 0, to-size)
	err := h.Stream.Read(ctx, size+1, to, func(_ int64, m verify.Message) error {
		leaves = append(leaves, m.Leaf())
		return nil
	})
	if err != nil {
		return missing(err)
	}
	h.Logger.Debug("log read", "from", size+1, "to", to)
	_, err = h.tree.Extend(size, leaves)
	return err
}

// missing tells a log that has lost something from one that does not answer.
func missing(err error) error {
	if errors.Is(err, rawlog.ErrNotFound) {
		return fmt.Errorf("%w: %w; %s", ErrAltered, err, whatToDo)
	}
	return err
}

// publish has witnesses cosign the tree's head, and publishes it once enough have done so.
func (h *History) publish(ctx context.Context) (settled bool, err error) {
	head := h.tree.Head()
	if head.Size == 0 || h.isPublished(head.Checkpoint) {
		return true, nil
	}
	signed := head.Signed
	if h.witnesses != nil {
		if err := h.keepShown(head); err != nil {
			return false, err
		}
		h.Logger.Debug("asking witnesses", "size", head.Size)
		signed = h.cosign(ctx, witnesses.Request{Checkpoint: head.Checkpoint, Signed: head.Signed, Prove: func(older int64) (tlog.TreeProof, error) {
			return h.tree.ProveConsistency(older, head.Size)
		}})
		if !h.policy.Quorate(signed) {
			return false, nil
		}
	}
	h.Logger.Debug("publishing", "size", head.Size)
	if err := atomic.WriteFile(h.path(checkpointFile), bytes.NewReader(signed)); err != nil {
		return false, err
	}
	h.Logger.Debug("published", "size", head.Size)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.published = signed
	return true, nil
}

// keepShown stores what witnesses are about to be shown beside the tree, so that it remains
// known even if the tree's file is lost before enough have cosigned.
func (h *History) keepShown(head tree.Head) error {
	if h.shown == head.Checkpoint {
		return nil
	}
	if err := atomic.WriteFile(h.path(shownFile), bytes.NewReader(head.Signed)); err != nil {
		return err
	}
	h.Logger.Debug("checkpoint kept", "size", head.Size)
	h.shown = head.Checkpoint
	return nil
}

func (h *History) isPublished(c verify.Checkpoint) bool {
	published, err := verify.UnverifiedCheckpoint(h.Published())
	return err == nil && published == c
}

func (h *History) cosign(ctx context.Context, r witnesses.Request) []byte {
	signed, failed := h.witnesses.Cosign(ctx, r)
	h.Logger.Debug("witnesses answered", "size", r.Size, "failed", len(failed))
	for name, err := range failed {
		if errors.Is(err, witnesses.ErrOtherHistory) {
			h.Logger.Error("a witness has cosigned another history", "witness", name, "size", r.Size, "error", err)
			h.doubt(name)
			continue
		}
		h.Logger.Warn("a witness did not cosign", "witness", name, "size", r.Size, "error", err)
	}
	return signed
}
