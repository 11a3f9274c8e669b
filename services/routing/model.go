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
	// consultationFeed has the consultations in which each line asks or is asked, by name.
	consultationFeed = newFeed("consultations")
	// consultationsBucket has the conversation of each consultation, by name.
	consultationsBucket = []byte("conversations of consultations")
	// promisesBucket has the conversations in which a time of a line was promised to the child, by line
	// and id.
	promisesBucket = []byte("promises")
	// doorsBucket has the conversations in which a child waits at a line's door, by line and id.
	doorsBucket = []byte("doors")
	// ticketsBucket has the conversation of each claim ticket, by the hashes of its
	// secrets.
	ticketsBucket = []byte("tickets")
)

// Definition defines the service's projection.
func Definition() projection.Definition {
	return projection.Definition{
		Version: "routing/17", Receipts: true,
		Buckets: slices.Concat(conversations.Buckets, []string{string(dueBucket), string(ticketsBucket), string(promisesBucket), string(consultationsBucket), string(doorsBucket)}, offerFeed.buckets(), custodyFeed.buckets(), consultationFeed.buckets(), livedirectory.Buckets),
		Apply: func(tx *projection.Tx, entry eventlog.Entry) error {
			_, err := apply(tx, entry)
			return err
		},
	}
}

// watched is the projection of a service that runs: what it takes in sets timers.
func watched(pending *conversations.Pending, timers *timerqueue.Queue, again *rechecks) projection.Definition {
	definition := Definition()
	definition.Apply = func(tx *projection.Tx, entry eventlog.Entry) error {
		state, err := apply(tx, entry)
		if err != nil {
			return err
		}
		return again.follow(tx.Tx, entry, state)
	}
	definition.Committed = func(tx *bbolt.Tx, batch []eventlog.Entry) error {
		setTimers(tx, batch, timers, again)
		return pending.Forget(tx, batch)
	}
	return definition
}

// apply returns the state of the entry's conversation, or nil.
func apply(tx *projection.Tx, entry eventlog.Entry) (*handover.State, error) {
	if err := livedirectory.Project(tx.Tx, entry); err != nil {
		return nil, err
	}
	state, err := conversations.Apply(tx, entry)
	if err != nil || state == nil {
		return nil, err
	}
	if err := seats.ProjectOffers(tx.Tx, entry, state.Conversation); err != nil {
		return nil, err
	}
	if err := applyFeeds(tx, entry, state); err != nil {
		return nil, err
	}
	if err := applyTickets(tx.Tx, entry); err != nil {
		return nil, err
	}
	if err := applyConsultations(tx, entry, state); err != nil {
		return nil, err
	}
	if err := applyPromises(tx.Tx, entry.Conversation(), state); err != nil {
		return nil, err
	}
	if err := applyDoors(tx.Tx, entry.Conversation(), state); err != nil {
		return nil, err
	}
	return state, applyDeadline(tx.Tx, entry.Conversation(), state)
}

func applyDeadline(tx *bbolt.Tx, id string, state *handover.State) error {
	due, waiting := deadline.Due(state.Conversation)
	if !waiting {
		return tx.Bucket(dueBucket).Delete([]byte(id))
	}
	return tx.Bucket(dueBucket).Put([]byte(id), binary.BigEndian.AppendUint64(nil, uint64(due.UnixNano())))
}

// setTimers sets the timers of the conversations of a batch, and of those to be compared with the
// directory.
func setTimers(tx *bbolt.Tx, batch []eventlog.Entry, timers *timerqueue.Queue, again *rechecks) {
	ids := again.added()
	for _, entry := range batch {
		if id := entry.Conversation(); id != "" {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		setTimer(tx, id, timers, again)
	}
}

func setTimer(tx *bbolt.Tx, id string, timers *timerqueue.Queue, again *rechecks) {
	var due time.Time
	stored := tx.Bucket(dueBucket).Get([]byte(id))
	if stored != nil {
		due = instant(stored)
	}
	if next, waiting := again.earlier(id, due, stored != nil); waiting {
		timers.Set(id, next)
	} else {
		timers.Clear(id)
	}
}

// fillTimers sets the timers of all waiting conversations. Those with open offers or a promised
// time, and children at a door, are compared with the directory, as their lines may have changed while the platform was down.
func (s *Service) fillTimers(tx *bbolt.Tx) error {
	s.rechecks.forget()
	for _, id := range slices.Concat(openOffers(tx, ""), openConsultations(tx, ""), promises(tx, ""), waitingAt(tx, "")) {
		s.rechecks.add(id, deadline.AtOnce)
	}
	s.rechecks.addAll(seats.Owed(tx, ""))
	return tx.Bucket(dueBucket).ForEach(func(id, _ []byte) error {
		setTimer(tx, string(id), s.timers, s.rechecks)
		return nil
	})
}

func instant(stored []byte) time.Time { return time.Unix(0, int64(binary.BigEndian.Uint64(stored))) }
