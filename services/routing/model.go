package routing

import (
	"encoding/binary"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/livedirectory"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/seats"
	"github.com/stafett/stafett/services/internal/timerqueue"
)

var (
	// dueBucket has the next deadline of each waiting conversation, by id.
	dueBucket = []byte("due")
	// offerFeed has the offers to each line, by name.
	offerFeed = newFeed("offers")
	// custodyFeed has the conversations that a line must know about, by id.
	custodyFeed = newFeed("custody")
	// ticketsBucket has the conversation of each claim ticket, by the hashes of its
	// secrets.
	ticketsBucket = []byte("tickets")
)

func definition(pending *conversations.Pending, timers *timerqueue.Queue) projection.Definition {
	return projection.Definition{
		Version: "routing/7", Receipts: true,
		Buckets: slices.Concat([]string{conversations.Bucket, string(dueBucket), string(ticketsBucket)}, offerFeed.buckets(), custodyFeed.buckets(), livedirectory.Buckets),
		Apply:   apply,
		Committed: func(tx *bbolt.Tx, batch []eventlog.Entry) error {
			setTimers(tx, batch, timers)
			return pending.Forget(tx, batch)
		},
	}
}

func apply(tx *projection.Tx, entry eventlog.Entry) error {
	if err := livedirectory.Project(tx.Tx, entry); err != nil {
		return err
	}
	state, err := conversations.Apply(tx, entry)
	if err != nil || state == nil {
		return err
	}
	if err := seats.ProjectOffers(tx.Tx, entry, state.Conversation); err != nil {
		return err
	}
	if err := applyFeeds(tx, entry, state); err != nil {
		return err
	}
	if err := applyTickets(tx.Tx, entry); err != nil {
		return err
	}
	return applyDeadline(tx.Tx, entry.Conversation(), state)
}

func applyDeadline(tx *bbolt.Tx, id string, state *handover.State) error {
	due, waiting := deadline.Due(state.Conversation)
	if !waiting {
		return tx.Bucket(dueBucket).Delete([]byte(id))
	}
	return tx.Bucket(dueBucket).Put([]byte(id), binary.BigEndian.AppendUint64(nil, uint64(due.UnixNano())))
}

// setTimers sets the timers of the conversations of a batch.
func setTimers(tx *bbolt.Tx, batch []eventlog.Entry, timers *timerqueue.Queue) {
	for _, entry := range batch {
		id := entry.Conversation()
		if id == "" {
			continue
		}
		if due := tx.Bucket(dueBucket).Get([]byte(id)); due != nil {
			timers.Set(id, instant(due))
		} else {
			timers.Clear(id)
		}
	}
}

// fillTimers sets the timers of all waiting conversations.
func (s *Service) fillTimers(tx *bbolt.Tx) error {
	return tx.Bucket(dueBucket).ForEach(func(id, due []byte) error {
		s.timers.Set(string(id), instant(due))
		return nil
	})
}

func instant(stored []byte) time.Time { return time.Unix(0, int64(binary.BigEndian.Uint64(stored))) }
