package routing

import (
	"slices"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// applyFeeds records for each line what its watches must send of a commit.
func applyFeeds(tx *projection.Tx, entry eventlog.Entry, state *handover.State) error {
	offers, custody := offerFeed.feeding(tx, entry.Position), custodyFeed.feeding(tx, entry.Position)
	c := state.Conversation
	for _, e := range entry.Commit.Events {
		for _, offer := range offersOf(c, e) {
			if err := offers.put(offer.Line, offer.Name, concernsAsked(c, e, offer)); err != nil {
				return err
			}
		}
		for _, line := range custodyOf(c, e) {
			if err := custody.put(line, entry.Conversation(), concernsLine(c, line)); err != nil {
				return err
			}
		}
	}
	return nil
}

// concernsAsked reports whether an asked line must still do something about the offer that an
// event changed: answer, or confirm that it knows of the cancellation.
func concernsAsked(c *statev1.Conversation, e *eventv1.Event, offer *statev1.Offer) bool {
	h := handover.Of(c).Handover(event.Handover(event.What(e)))
	return handover.OfferOpen(offer.State) || slices.Contains(h.CancelUnconfirmed, offer.Line)
}

// concernsLine reports whether a line must look after a conversation: it has custody, or must
// do something.
func concernsLine(c *statev1.Conversation, line string) bool {
	return c.Custody.GetLine() == line || len(decisionsDue(c, line)) > 0 || len(outcomesDue(c, line)) > 0
}

// offersOf are the offers that an event changed for their lines. A planned offer that was
// never sent does not count.
func offersOf(c *statev1.Conversation, e *eventv1.Event) []*statev1.Offer {
	var changed []*statev1.Offer
	h := handover.Of(c).Handover(event.Handover(event.What(e)))
	for offer := range h.Offers() {
		if offer.Sent() && concerns(event.What(e), h, offer) {
			changed = append(changed, offer.Offer)
		}
	}
	return changed
}

// concerns reports whether an event changes an offer for its line: the offer's own events, the
// cancellation of the handover, and the line's confirmation of it.
func concerns(what any, h handover.Handover, offer handover.Offer) bool {
	switch what := what.(type) {
	case event.OfOffer:
		return offer.Number() == what.GetOffer()
	case *eventv1.HandoverCancelled:
		return slices.Contains(h.CancelUnconfirmed, offer.Line)
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

// openOffers lists the conversations in which a line has offers to answer; for an empty line those of
// all lines.
func openOffers(tx *bbolt.Tx, line string) (ids []string) {
	for _, offer := range ofLine(tx.Bucket(offerFeed.standing), line) {
		if name, err := handover.ParseName(offer); err == nil {
			ids = append(ids, name.Conversation)
		}
	}
	return ids
}
