package routing

import (
	"context"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/rpc"
)

// follower sends a line the changes in a feed, page by page, each item as it stands by then.
type follower struct {
	model *projection.Model
	feed  feed
	line  string
	// paced followers read no more than their caller's streams may.
	paced bool
	// tell returns what to send of a change, or nil.
	tell func(tx *bbolt.Tx, c change) (send func() error, err error)
}

// follow begins after a position, or with what concerns the line now.
func (f follower) follow(ctx context.Context, after uint64) error {
	if err := f.model.CatchUp(ctx, after); err != nil {
		return err
	}
	watch := f.model.Watch(f.feed.watched(f.line))
	defer watch.Stop()
	from := firstAfter(after)
	for first := after == 0; ; first = false {
		places, next, err := f.places(from, first)
		if err != nil {
			return err
		}
		if err := f.send(ctx, places); err != nil {
			return err
		}
		from = next
		if len(places) == scanned && !first {
			continue
		}
		if err := wait(ctx, watch.Changed); err != nil {
			return err
		}
	}
}

func wait(ctx context.Context, changed <-chan struct{}) error {
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// places are those of the items to send, and from where to look for the next ones.
func (f follower) places(from place, first bool) (places []place, next place, err error) {
	err = f.model.View(func(tx *bbolt.Tx) error {
		next = firstAfter(projection.Position(tx))
		if first {
			places = f.feed.now(tx, f.line)
			return nil
		}
		places = f.feed.since(tx, f.line, from)
		if len(places) == scanned {
			next = places[scanned-1].next()
		}
		return nil
	})
	return places, next, err
}

// send sends the items at some places. One that has changed in the meantime has another place by
// now and is sent from there.
func (f follower) send(ctx context.Context, places []place) error {
	for page := range slices.Chunk(places, rpc.WatchPage) {
		if err := f.pace(ctx, len(page)); err != nil {
			return err
		}
		sends, err := f.read(page)
		if err != nil {
			return err
		}
		if err := sendAll(sends); err != nil {
			return err
		}
	}
	return nil
}

func (f follower) pace(ctx context.Context, items int) error {
	if !f.paced {
		return ctx.Err()
	}
	return rpc.Pace(ctx, items)
}

func (f follower) read(page []place) (sends []func() error, err error) {
	err = f.model.View(func(tx *bbolt.Tx) error {
		for _, at := range page {
			c, there := f.feed.at(tx, f.line, at)
			if !there {
				continue
			}
			send, err := f.tell(tx, c)
			if err != nil {
				return err
			}
			sends = append(sends, send)
		}
		return nil
	})
	return sends, err
}

// sendAll sends outside the projection's transaction: a slow watcher must not keep its old
// pages alive.
func sendAll(sends []func() error) error {
	for _, send := range sends {
		if send == nil {
			continue
		}
		if err := send(); err != nil {
			return err
		}
	}
	return nil
}
