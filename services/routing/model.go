package routing

import (
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/projection"
)

var (
	// dueBucket has the instant at which each waiting conversation is due, by id.
	dueBucket = []byte("due")
	// offersBucket has the offers to each line, by line and the position at which
	// they changed: the offer's name. Offers of one append have keys of their own.
	offersBucket = []byte("offers")
	// custodyBucket has the conversations of which a line must know how they stand, by
	// line and position: the conversation's id.
	custodyBucket = []byte("custody")
	// ticketsBucket has the conversation of each claim ticket, by the hashes of its
	// secrets.
	ticketsBucket = []byte("tickets")
)

// wakings are the instants, by conversation, at which a batch lets the service be
// woken: the zero time where a conversation no longer waits.
type wakings map[string]time.Time

func (s *Service) definition() projection.Definition {
	return projection.Definition{
		Version:   "routing/4",
		Buckets:   append([]string{conversations.Bucket, string(dueBucket), string(offersBucket), string(custodyBucket), string(ticketsBucket)}, lines.Buckets...),
		Fold:      s.fold,
		Committed: s.committed,
	}
}

func (s *Service) fold(tx *bbolt.Tx, entry eventlog.Entry) error {
	if err := lines.Fold(tx, entry); err != nil {
		return err
	}
	state, err := conversations.Fold(tx, entry)
	if err != nil || state == nil {
		return err
	}
	if err := lines.FoldOffers(tx, entry, state.Conversation); err != nil {
		return err
	}
	if err := foldFeeds(tx, entry, state); err != nil {
		return err
	}
	if err := foldTickets(tx, entry); err != nil {
		return err
	}
	return s.foldDue(tx, entry.Conversation(), state)
}

func (s *Service) foldDue(tx *bbolt.Tx, id string, state *handover.State) error {
	due, waiting := handover.Due(state.Conversation)
	if !waiting {
		s.wakings[id] = time.Time{}
		return tx.Bucket(dueBucket).Delete([]byte(id))
	}
	s.wakings[id] = due
	return tx.Bucket(dueBucket).Put([]byte(id), binary.BigEndian.AppendUint64(nil, uint64(due.UnixNano())))
}

// committed turns the wheel on what a batch has changed.
func (s *Service) committed(batch []eventlog.Entry) {
	s.commander.Committed(batch)
	for id, due := range s.wakings {
		if due.IsZero() {
			s.timers.Clear(id)
		} else {
			s.timers.Set(id, due)
		}
	}
	clear(s.wakings)
}

func (s *Service) fillTimers(tx *bbolt.Tx) error {
	clear(s.wakings)
	return tx.Bucket(dueBucket).ForEach(func(id, at []byte) error {
		s.timers.Set(string(id), time.Unix(0, int64(binary.BigEndian.Uint64(at))))
		return nil
	})
}
