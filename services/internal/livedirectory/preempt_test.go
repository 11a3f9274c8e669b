package livedirectory

import (
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/lines"
)

// answers applies what became of a conversation's offer, whose seat yields while it is open.
func (b *book) answers(conversation string, at time.Time, what proto.Message, offer *statev1.Offer) string {
	b.OffersOf(at, what, &statev1.Handover{
		Name: "conversations/" + conversation + "/handovers/1", BudgetDeadline: timestamppb.New(evening.Add(time.Hour)),
		Header: &handoverv1.PacketHeader{Channel: chat, Risk: handoverv1.RiskLevel_RISK_LEVEL_R1}, Offers: []*statev1.Offer{offer},
	})
	return offer.Name
}

func (b *book) rings(conversation string, at time.Time) string {
	return b.answers(conversation, at, &eventv1.OfferSent{Handover: 1, Offer: 1, Line: "brus"}, &statev1.Offer{State: handoverv1.OfferState_OFFER_STATE_SENT, Lease: true})
}

// inDanger reserves a seat for an offer of a child in imminent danger.
func (b *book) inDanger(newest *lines.State, offer string) (leased *eventv1.SeatLeased) {
	b.T.Helper()
	b.View(func(tx *bbolt.Tx) (err error) {
		header := &handoverv1.PacketHeader{Channel: chat, Risk: handoverv1.RiskLevel_RISK_LEVEL_R4}
		leased, err = b.cache.Reserve(tx, newest, Wanted{Line: "brus", Offer: offer, Header: header}, evening)
		return err
	})
	return leased
}

// TestTheSeatOfAnOfferThatWasAcceptedFirst is no longer to be had: a child in imminent danger takes that of the next
// one, and the offer it takes over still rings whichever of its own offers needs the seat.
func TestTheSeatOfAnOfferThatWasAcceptedFirst(t *testing.T) {
	for name, test := range map[string]struct {
		offer   string
		unknown bool // to the projection
	}{
		"the same offer": {mine, false}, "another offer of the conversation": {another, false},
		"the same offer, just reserved": {mine, true}, "another offer, just reserved": {another, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			b.Happens(evening, &eventv1.LinePublished{Line: alwaysOpen()})
			b.Reports(2)
			older, newer := b.rings("d", evening), b.rings("e", evening.Add(time.Second))
			leased := b.inDanger(b.state(), mine)
			if leased.GetPreempts() != newer {
				t.Fatalf("it takes the seat of %v, want %s", leased, newer)
			}
			newest := b.state()
			if lines.Lease(newest, leased, timestamppb.New(evening)); !test.unknown {
				b.Happens(evening, leased)
			}
			if again := b.inDanger(newest, test.offer); test.offer == mine && again != nil || test.offer == another && again.GetPreempts() != newer {
				t.Errorf("while it rings, %v, want the seat of %s", again, newer)
			}
			b.answers("e", evening, &eventv1.OfferAccepted{Handover: 1, Offer: 1}, &statev1.Offer{State: handoverv1.OfferState_OFFER_STATE_ACCEPTED, Lease: true})
			if again := b.inDanger(newest, test.offer); again.GetPreempts() != older {
				t.Errorf("once it is accepted, %v, want the seat of %s", again, older)
			}
		})
	}
}
