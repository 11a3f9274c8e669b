package routing

import (
	"bytes"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// applyFeeds notes for each line what of an append its watches must tell it.
func applyFeeds(tx *bbolt.Tx, entry eventlog.Entry, state *handover.State) error {
	offers, custody := note{tx, offersBucket, entry.Position, 0}, note{tx, custodyBucket, entry.Position, 0}
	for _, e := range entry.Commit.Events {
		for _, offer := range offersOf(state.Conversation, e) {
			if err := offers.put(offer.Line, offer.Name); err != nil {
				return err
			}
		}
		for _, line := range custodyOf(state.Conversation, e) {
			if err := custody.put(line, entry.Conversation()); err != nil {
				return err
			}
		}
	}
	return nil
}

// note writes a line's news of one append, each under a key of its own.
type note struct {
	tx       *bbolt.Tx
	bucket   []byte
	position uint64
	count    byte
}

func (n *note) put(line, what string) error {
	n.count++
	return n.tx.Bucket(n.bucket).Put(append(projection.Key(line, n.position), n.count), []byte(what))
}

// offersOf are the offers that an event changed for their lines. One that was
// planned and never sent is none.
func offersOf(c *handoverv1.Conversation, e *eventv1.Event) []*handoverv1.Offer {
	var changed []*handoverv1.Offer
	for _, offer := range numbered(c, e).GetOffers() {
		if offer.CreateTime != nil && concerns(event.What(e), c, offer) {
			changed = append(changed, offer)
		}
	}
	return changed
}

// numbered is the handover that an event is about, or nil.
func numbered(c *handoverv1.Conversation, e *eventv1.Event) *handoverv1.Handover {
	what, ok := event.What(e).(interface{ GetHandover() uint32 })
	if !ok {
		return nil
	}
	return handover.NumberedHandover(c, what.GetHandover())
}

// concerns says whether an event changes an offer for its line: its own events,
// and that the handover is called off or that the line knows so.
func concerns(what any, c *handoverv1.Conversation, offer *handoverv1.Offer) bool {
	switch what := what.(type) {
	case interface {
		GetHandover() uint32
		GetOffer() uint32
	}:
		return offer.Name == handover.OfferName(handover.HandoverName(c.Name, what.GetHandover()), what.GetOffer())
	case *eventv1.HandoverCancelled:
		return slices.Contains(c.Handovers[what.Handover-1].CancelUnconfirmed, offer.Line)
	case *eventv1.CancelConfirmed:
		return offer.Line == what.Line
	}
	return false
}

// applyTickets notes where a claim ticket's secrets lead.
func applyTickets(tx *bbolt.Tx, entry eventlog.Entry) error {
	for _, e := range entry.Commit.Events {
		issued := e.GetTicketIssued()
		if issued == nil {
			continue
		}
		for _, hash := range [][]byte{issued.LinkHash, issued.DigitsHash} {
			if err := tx.Bucket(ticketsBucket).Put(hash, []byte(entry.Conversation())); err != nil {
				return err
			}
		}
	}
	return nil
}

// change is what a line's watch has to tell, and where it happened.
type change struct {
	position uint64
	what     string
}

// newestChanges are a line's news after a position, each thing once, in the order
// of its newest change.
func newestChanges(tx *bbolt.Tx, bucket []byte, line string, after uint64) []change {
	newest := map[string]uint64{}
	var changes []change
	prefix := projection.Prefix(line)
	cursor := tx.Bucket(bucket).Cursor()
	for k, what := cursor.Seek(projection.Key(line, after+1)); bytes.HasPrefix(k, prefix); k, what = cursor.Next() {
		position := projection.KeyPosition(k[:len(k)-1])
		newest[string(what)] = position
		changes = append(changes, change{position: position, what: string(what)})
	}
	return deleteOlder(changes, newest)
}

func deleteOlder(changes []change, newest map[string]uint64) []change {
	var kept []change
	for _, c := range changes {
		if newest[c.what] == c.position {
			kept = append(kept, c)
			delete(newest, c.what)
		}
	}
	return kept
}
