package routing_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// noOfferBefore checks that a line's watches get nothing before a new offer from another line.
func noOfferBefore(d apitest.Desk, from apitest.Desk, watches ...apitest.OfferWatch) {
	d.T.Helper()
	_, handover := from.Offered(d.Line)
	for _, o := range watches {
		o.Next(handover+"/offers/1", apitest.OfferSent)
	}
}

func TestWatchOffers(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	live := first.WatchOffers(0)
	_, handover := sender.Offered()
	offer := handover + "/offers/1"
	response := live.Next(offer, apitest.OfferSent)
	if response.FromLine != "lines/sender" || response.Header.GetLanguageCode() != "nb" {
		t.Errorf("the offer says %v, want the sender and the open header", response)
	}
	delivered := first.Acknowledge(offer, apitest.OfferDelivered)
	if got := live.Next(offer, apitest.OfferDelivered); got.Position != delivered.Position {
		t.Errorf("the change is at %d, want %d", got.Position, delivered.Position)
	}
	first.Acknowledge(offer, apitest.OfferAlerting)
	live.Next(offer, apitest.OfferAlerting)
	again := first.WatchOffers(0)
	again.Next(offer, apitest.OfferAlerting)
	resumed := first.WatchOffers(response.Position)
	resumed.Next(offer, apitest.OfferAlerting)
	declined := first.Decline(handover, "1")
	for _, stream := range []apitest.OfferWatch{live, again, resumed} {
		if got := stream.Next(offer, apitest.OfferDeclined); got.Position != declined.Position {
			t.Errorf("the change is at %d, want %d", got.Position, declined.Position)
		}
	}
	first.WatchOffers(delivered.Position).Next(offer, apitest.OfferDeclined)
	second := w.Desk("second")
	second.WatchOffers(0).Next(handover+"/offers/2", apitest.OfferSent)
	noOfferBefore(first, sender, first.WatchOffers(declined.Position), first.WatchOffers(0)) // no longer open
	noOfferBefore(sender, second, sender.WatchOffers(0))
}

// TestOffersOfManyHandovers come in the order of their newest change.
func TestOffersOfManyHandovers(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	var names []string
	for range 3 {
		_, handover := sender.Offered("first")
		names = append(names, handover+"/offers/1")
	}
	first.Acknowledge(names[0], apitest.OfferDelivered)
	w.Settle()
	stream := first.WatchOffers(0)
	stream.Next(names[1], apitest.OfferSent)
	last := stream.Next(names[2], apitest.OfferSent)
	stream.Next(names[0], apitest.OfferDelivered)
	first.WatchOffers(last.Position).Next(names[0], apitest.OfferDelivered)
}

func TestAnOfferThatRanOut(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Desk("first")
	stream := first.WatchOffers(0)
	_, handover := w.Desk("sender").Offered("first", "second")
	stream.Next(handover+"/offers/1", apitest.OfferSent)
	first.Acknowledge(handover+"/offers/1", apitest.OfferDelivered)
	stream.Next(handover+"/offers/1", apitest.OfferDelivered)
	w.Advance(45 * time.Second)
	stream.Next(handover+"/offers/1", apitest.OfferTimedOut)
	_, err := first.Routing.AcceptOffer(w.Ctx, &routingv1.AcceptOfferRequest{RequestId: uuid.NewString(), Offer: handover + "/offers/1"})
	apitest.WantRefusal(t, err, codes.FailedPrecondition, "TOO_LATE")
	w.Desk("second").Accept(handover, "2")
}

// TestWhoAcceptsFirst: two counsellors of a line accept at once, each with their own request.
func TestWhoAcceptsFirst(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Desk("first")
	_, handover := w.Desk("sender").Offered("first")
	answers := make(chan error, 8)
	for range cap(answers) {
		go func() {
			_, err := first.Routing.AcceptOffer(w.Ctx, &routingv1.AcceptOfferRequest{RequestId: uuid.NewString(), Offer: handover + "/offers/1"})
			answers <- err
		}()
	}
	won := 0
	for range cap(answers) {
		if err := <-answers; err == nil {
			won++
		} else {
			apitest.WantRefusal(t, err, codes.FailedPrecondition, "TOO_LATE")
		}
	}
	if won != 1 {
		t.Errorf("%d won, want one", won)
	}
}

// TestWatchOffersFromTheFuture: a position beyond the log's end would silence the stream
// forever.
func TestWatchOffersFromTheFuture(t *testing.T) {
	w := apitest.NewWorld(t)
	_, err := w.Desk("first").WatchOffers(99).Recv()
	apitest.WantRefusal(t, err, codes.OutOfRange, "POSITION_IN_FUTURE")
}

func TestWatchOffersEnds(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Desk("first")
	ctx, cancel := context.WithCancel(w.Ctx)
	stream := apitest.Must[grpc.ServerStreamingClient[routingv1.WatchOffersResponse]](t)(first.Routing.WatchOffers(ctx, &routingv1.WatchOffersRequest{}))
	cancel()
	if _, err := stream.Recv(); err == nil {
		t.Error("a cancelled watch goes on")
	}
	other := first.WatchOffers(0)
	_, handover := w.Desk("sender").Offered("first")
	other.Next(handover+"/offers/1", apitest.OfferSent)
	w.Stop()
	_, err := other.Recv()
	apitest.WantRefusal(t, err, codes.Unavailable, "NOT_READY")
}
