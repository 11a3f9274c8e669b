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

// applyFeeds records for each line what its watches must send of a commit.
func applyFeeds(tx *bbolt.Tx, entry eventlog.Entry, state *handover.State) error {
	offers, custody := feed{tx, offersBucket, entry.Position, 0}, feed{tx, custodyBucket, entry.Position, 0}
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

// feed writes the changes of one commit to the lines' feeds, each under its own key.
type feed struct {
	tx       *bbolt.Tx
	bucket   []byte
	position uint64
	count    byte
}

func (f *feed) put(line, what string) error {
	f.count++
	return f.tx.Bucket(f.bucket).Put(append(projection.Key(line, f.position), f.count), []byte(what))
}

// offersOf are the offers that an event changed for their lines. A planned offer that was
// never sent does not count.
func offersOf(c *handoverv1.Conversation, e *eventv1.Event) []*handoverv1.Offer {
	var changed []*handoverv1.Offer
	for _, offer := range handover.NumberedHandover(c, event.Handover(event.What(e))).GetOffers() {
		if offer.CreateTime != nil && concerns(event.What(e), c, offer) {
			changed = append(changed, offer)
		}
	}
	return changed
}

// concerns reports whether an event changes an offer for its line: the offer's own events, the
// cancellation of the handover, and the line's confirmation of it.
func concerns(what any, c *handoverv1.Conversation, offer *handoverv1.Offer) bool {
	switch what := what.(type) {
	case event.OfOffer:
		return offer.Name == handover.OfferName(handover.HandoverName(c.Name, what.GetHandover()), what.GetOffer())
	case *eventv1.HandoverCancelled:
		return slices.Contains(c.Handovers[what.Handover-1].CancelUnconfirmed, offer.Line)
	case *eventv1.CancelConfirmed:
		return offer.Line == what.Line
	}
	return false
}

// applyTickets records the conversation of each claim ticket's secrets.
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

// change is an item for a line's watch, and the position of its change.
type change struct {
	position uint64
	what     string
}

// newestChanges are a line's changes after a position: each item once, in the order of its
// newest change.
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
