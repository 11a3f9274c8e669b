package seats_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/linestest"
	"github.com/stafett/stafett/services/internal/seats"
)

const (
	chat  = linestest.Chat
	offer = "conversations/c/handovers/1/offers/1"
)

var evening = linestest.Evening

// book is a line's projected seats.
type book struct{ *linestest.Book }

func newBook(t *testing.T) book {
	t.Helper()
	project := func(tx *bbolt.Tx, entry eventlog.Entry, c *statev1.Conversation) error {
		if c != nil {
			return seats.ProjectOffers(tx, entry, c)
		}
		return errors.Join(lines.Project(tx, entry), seats.ProjectLine(tx, entry))
	}
	b := book{linestest.New(t, slices.Concat(lines.Buckets, seats.Buckets), project)}
	b.Happens(evening, &eventv1.LinePublished{Line: &handoverv1.Line{Name: "lines/brus"}})
	b.Reports(1)
	return b
}

// left is how many of the reported seats are not taken.
func (b book) left(at time.Time) (left int32) {
	b.T.Helper()
	b.View(func(tx *bbolt.Tx) error {
		line, err := lines.StateOf(tx, "brus")
		if err != nil {
			return err
		}
		taken, err := seats.Count(tx, "brus", seats.Counting{At: at, Lease: 10 * time.Second})
		left = max(0, line.Capacity.Seats[0].Free-taken.Seats[chat])
		return err
	})
	return left
}

// TestASeatThatNobodyTook is free again by itself: the process may have ended before
// it sent the offer.
func TestASeatThatNobodyTook(t *testing.T) {
	b := newBook(t)
	b.Happens(evening, &eventv1.SeatLeased{Offer: "lost", Channel: chat})
	if left := b.left(evening.Add(10*time.Second - time.Nanosecond)); left != 0 {
		t.Errorf("%d left while it is set aside", left)
	}
	if left := b.left(evening.Add(10 * time.Second)); left != 1 {
		t.Errorf("%d left after 10 s, want 1", left)
	}
}

// TestASeatThatWasSentMeanwhile stays taken: the deciding service did not know yet.
func TestASeatThatWasSentMeanwhile(t *testing.T) {
	for name, leased := range map[string]*eventv1.SeatLeased{
		"set aside again":       {Offer: offer, Channel: chat},
		"taken for one to free": {Offer: "conversations/d/handovers/1/offers/1", Channel: chat, Ended: []string{offer}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBook(t)
			b.Happens(evening, &eventv1.SeatLeased{Offer: offer, Channel: chat})
			b.Offers(&eventv1.OfferSent{Handover: 1, Offer: 1, Line: "brus"}, &statev1.Offer{Lease: true})
			b.Happens(evening, leased)
			if left := b.left(evening.Add(time.Minute)); left != 0 {
				t.Errorf("%d are left while the offer is open, want none", left)
			}
		})
	}
}

// TestTheNextSeatIsOnTheChannelOfTheChild, also when that has changed since its seat was taken.
func TestTheNextSeatIsOnTheChannelOfTheChild(t *testing.T) {
	b := newBook(t)
	for _, channel := range []handoverv1.Channel{chat, handoverv1.Channel_CHANNEL_PHONE} {
		b.OffersOf(evening, &eventv1.OfferWithdrawn{Handover: 1, Offer: 1}, &statev1.Handover{
			Name: "conversations/c/handovers/1", State: handoverv1.HandoverState_HANDOVER_STATE_OFFERED, BudgetDeadline: timestamppb.New(evening.Add(time.Hour)),
			Header: &handoverv1.PacketHeader{Channel: channel},
			Offers: []*statev1.Offer{
				{State: handoverv1.OfferState_OFFER_STATE_WITHDRAWN, PassReason: handoverv1.PassReason_PASS_REASON_PREEMPTED},
				{State: handoverv1.OfferState_OFFER_STATE_PLANNED},
			},
		})
		b.View(func(tx *bbolt.Tx) error {
			taken, err := seats.Count(tx, "brus", seats.Counting{At: evening, Lease: 10 * time.Second})
			if len(taken.Owed) != 1 || taken.Owed[channel] != 1 {
				t.Errorf("kept are %v, want one of %s", taken.Owed, channel)
			}
			return err
		})
	}
}
