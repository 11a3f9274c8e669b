// Package linestest gives tests a projection with what happens to one line, brus.
package linestest

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Chat is the channel of all offers and seats here.
const Chat = handoverv1.Channel_CHANNEL_CHAT

// Evening is when things happen.
var Evening = time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC)

// handover is the only one whose offers are projected.
const handover = "conversations/c/handovers/1"

// Project applies an entry. The conversation is nil for an entry of the line.
type Project func(tx *bbolt.Tx, entry eventlog.Entry, c *statev1.Conversation) error

// Book is a projection's part about the line, and the line's chain.
type Book struct {
	T        testing.TB
	DB       *bbolt.DB
	project  Project
	position uint64
	hash     []byte
}

// New makes the buckets of a projection.
func New(t testing.TB, buckets []string, project Project) *Book {
	t.Helper()
	// A file that had to grow would wait for the transactions that tests keep open.
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "model.db"), 0o600, &bbolt.Options{NoSync: true, InitialMmapSize: 1 << 24})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	b := &Book{T: t, DB: db, project: project}
	b.update(func(tx *bbolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	return b
}

func (b *Book) update(do func(*bbolt.Tx) error) {
	b.T.Helper()
	if err := b.DB.Update(do); err != nil {
		b.T.Fatal(err)
	}
}

// View reads.
func (b *Book) View(do func(*bbolt.Tx) error) {
	b.T.Helper()
	if err := b.DB.View(do); err != nil {
		b.T.Fatal(err)
	}
}

// Happens applies the next commit of the line.
func (b *Book) Happens(at time.Time, what proto.Message) {
	b.T.Helper()
	entry := eventlog.Entry{Position: b.position + 1, Commit: &eventv1.Commit{
		Subject: eventlog.LineSubject("brus"), Number: uint32(b.position + 1), PreviousHash: b.hash,
		RecordTime: timestamppb.New(at), Events: []*eventv1.Event{event.Of(what)},
	}}
	entry.Hash[0] = byte(entry.Position)
	b.update(func(tx *bbolt.Tx) error { return b.project(tx, entry, nil) })
	b.position, b.hash = entry.Position, entry.Hash[:]
}

// Offers applies an entry of a conversation with one offer to the line.
func (b *Book) Offers(what proto.Message, offer *statev1.Offer) {
	b.T.Helper()
	b.OffersOf(Evening, what, &statev1.Handover{Name: handover, Header: &handoverv1.PacketHeader{Channel: Chat}, Offers: []*statev1.Offer{offer}})
}

// OffersOf applies an entry of any conversation with one handover, all of whose offers are to the line.
func (b *Book) OffersOf(at time.Time, what proto.Message, h *statev1.Handover) {
	b.T.Helper()
	for i, offer := range h.Offers {
		offer.Name, offer.Line = fmt.Sprintf("%s/offers/%d", h.Name, i+1), "brus"
	}
	entry := eventlog.Entry{Commit: &eventv1.Commit{RecordTime: timestamppb.New(at), Events: []*eventv1.Event{event.Of(what)}}}
	b.update(func(tx *bbolt.Tx) error {
		return b.project(tx, entry, &statev1.Conversation{Handovers: []*statev1.Handover{h}})
	})
}

// Reports has the desks report free seats, for two minutes.
func (b *Book) Reports(free int32) {
	b.T.Helper()
	b.Happens(Evening, &eventv1.CapacityReported{
		Seats: []*handoverv1.SeatReport{{Channel: Chat, Free: free}}, ExpireTime: timestamppb.New(Evening.Add(2 * time.Minute)),
	})
}
