package platform_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

const (
	offerSent      = handoverv1.OfferState_OFFER_STATE_SENT
	offerDelivered = handoverv1.OfferState_OFFER_STATE_DELIVERED
	offerAlerting  = handoverv1.OfferState_OFFER_STATE_ALERTING
	offerAccepted  = handoverv1.OfferState_OFFER_STATE_ACCEPTED
	offerDeclined  = handoverv1.OfferState_OFFER_STATE_DECLINED
	offerTimedOut  = handoverv1.OfferState_OFFER_STATE_TIMED_OUT
)

// offers is a watch of a line's offers.
type offers struct {
	grpc.ServerStreamingClient[routingv1.WatchOffersResponse]
	t *testing.T
}

func (d desk) offers(after uint64) offers {
	d.t.Helper()
	stream, err := d.Routing.WatchOffers(d.ctx, &routingv1.WatchOffersRequest{AfterPosition: after})
	if err != nil {
		d.t.Fatal(err)
	}
	return offers{stream, d.t}
}

// next is the next answer, which must tell of an offer in a state.
func (o offers) next(offer string, state handoverv1.OfferState) *routingv1.WatchOffersResponse {
	o.t.Helper()
	response, err := o.Recv()
	if err != nil {
		o.t.Fatal(err)
	}
	if response.Offer.Name != offer || response.Offer.State != state {
		o.t.Fatalf("got %s, which is %v, want %s, which is %v", response.Offer.Name, response.Offer.State, offer, state)
	}
	return response
}

// noOfferBefore checks that nothing comes on a line's watches before another
// offer that it gets now from a line.
func (d desk) noOfferBefore(from desk, watches ...offers) {
	d.t.Helper()
	_, handover := from.offered(d.line)
	for _, o := range watches {
		o.next(handover+"/offers/1", offerSent)
	}
}

func (d desk) acknowledge(offer string, state handoverv1.OfferState) *handoverv1.Recorded {
	d.t.Helper()
	return d.done(d.Routing.AcknowledgeOffer(d.ctx, &routingv1.AcknowledgeOfferRequest{RequestId: uuid.NewString(), Offer: offer, State: state}))
}

func TestWatchOffers(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	live := first.offers(0)
	_, handover := sender.offered()
	offer := handover + "/offers/1"
	response := live.next(offer, offerSent)
	if response.FromLine != "sender" || response.Header.GetLanguage() != "nb" {
		t.Errorf("the offer says %v, want the sender and the open header", response)
	}
	delivered := first.acknowledge(offer, offerDelivered)
	if got := live.next(offer, offerDelivered); got.Position != delivered.Position {
		t.Errorf("the change is at %d, want %d", got.Position, delivered.Position)
	}
	first.acknowledge(offer, offerAlerting)
	live.next(offer, offerAlerting)
	again := first.offers(0)
	again.next(offer, offerAlerting)
	resumed := first.offers(response.Position)
	resumed.next(offer, offerAlerting)
	declined := first.decline(handover, "1")
	for _, stream := range []offers{live, again, resumed} {
		if got := stream.next(offer, offerDeclined); got.Position != declined.Position {
			t.Errorf("the change is at %d, want %d", got.Position, declined.Position)
		}
	}
	first.offers(delivered.Position).next(offer, offerDeclined)
	second := w.desk("second")
	second.offers(0).next(handover+"/offers/2", offerSent)
	first.noOfferBefore(sender, first.offers(declined.Position), first.offers(0)) // it is not open any more
	sender.noOfferBefore(second, sender.offers(0))
}

// TestOffersOfManyHandovers come in the order of their newest change.
func TestOffersOfManyHandovers(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	var names []string
	for range 3 {
		_, handover := sender.offered("first")
		names = append(names, handover+"/offers/1")
	}
	first.acknowledge(names[0], offerDelivered)
	w.settle()
	stream := first.offers(0)
	stream.next(names[1], offerSent)
	last := stream.next(names[2], offerSent)
	stream.next(names[0], offerDelivered)
	first.offers(last.Position).next(names[0], offerDelivered)
}

func TestAnOfferThatRanOut(t *testing.T) {
	w := newWorld(t)
	first := w.desk("first")
	stream := first.offers(0)
	_, handover := w.desk("sender").offered("first", "second")
	stream.next(handover+"/offers/1", offerSent)
	first.acknowledge(handover+"/offers/1", offerDelivered)
	stream.next(handover+"/offers/1", offerDelivered)
	w.pass(45 * time.Second)
	stream.next(handover+"/offers/1", offerTimedOut)
	_, err := first.Routing.AcceptOffer(w.ctx, &routingv1.AcceptOfferRequest{RequestId: uuid.NewString(), Offer: handover + "/offers/1"})
	refused(t, err, codes.FailedPrecondition, "TOO_LATE")
	w.desk("second").accept(handover, "2")
}

// TestWhoAcceptsFirst: two counsellors of a line press at once, each with a
// request of their own.
func TestWhoAcceptsFirst(t *testing.T) {
	w := newWorld(t)
	first := w.desk("first")
	_, handover := w.desk("sender").offered("first")
	answers := make(chan error, 8)
	for range cap(answers) {
		go func() {
			_, err := first.Routing.AcceptOffer(w.ctx, &routingv1.AcceptOfferRequest{RequestId: uuid.NewString(), Offer: handover + "/offers/1"})
			answers <- err
		}()
	}
	won := 0
	for range cap(answers) {
		if err := <-answers; err == nil {
			won++
		} else {
			refused(t, err, codes.FailedPrecondition, "TOO_LATE")
		}
	}
	if won != 1 {
		t.Errorf("%d won, want one", won)
	}
}

// TestWatchOffersFromTheFuture: a position that this log does not have would
// silence the stream for ever.
func TestWatchOffersFromTheFuture(t *testing.T) {
	w := newWorld(t)
	_, err := w.desk("first").offers(99).Recv()
	refused(t, err, codes.OutOfRange, "POSITION_IN_FUTURE")
}

func TestWatchOffersEnds(t *testing.T) {
	w := newWorld(t)
	first := w.desk("first")
	ctx, cancel := context.WithCancel(w.ctx)
	stream := must[grpc.ServerStreamingClient[routingv1.WatchOffersResponse]](t)(first.Routing.WatchOffers(ctx, &routingv1.WatchOffersRequest{}))
	cancel()
	if _, err := stream.Recv(); err == nil {
		t.Error("a cancelled watch goes on")
	}
	other := first.offers(0)
	_, handover := w.desk("sender").offered("first")
	other.next(handover+"/offers/1", offerSent)
	w.down()
	_, err := other.Recv()
	refused(t, err, codes.Unavailable, "NOT_READY")
}
