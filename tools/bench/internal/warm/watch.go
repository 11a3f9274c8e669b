package warm

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Watch is what a line sees of its offers and of its custody. One stream of each serves all
// handovers that are played at once.
type Watch struct {
	line   string
	mu     sync.Mutex
	awaits map[string]sighting
	failed chan struct{} // closed when a stream has ended
	err    error
}

// seen is something that a stream told, and when.
type seen struct {
	name string
	at   time.Time
}

// sighting is awaited once.
type sighting struct {
	watch *Watch
	what  string
	seen  chan seen
}

// patience is how long something may take to be seen, also on a machine that is busy.
const patience = 2 * time.Minute

// follow watches for a line until the context ends.
func follow(ctx context.Context, line string, at *client.Platform) (*Watch, error) {
	w := &Watch{line: "lines/" + line, awaits: map[string]sighting{}, failed: make(chan struct{})}
	offers, err := at.Routing.WatchOffers(ctx, &routingv1.WatchOffersRequest{})
	if err != nil {
		return nil, err
	}
	custody, err := at.Routing.WatchCustody(ctx, &routingv1.WatchCustodyRequest{})
	if err != nil {
		return nil, err
	}
	go receive(w, offers.Recv, w.sawOffer)
	go receive(w, custody.Recv, w.sawCustody)
	return w, nil
}

func receive[Response any](w *Watch, next func() (Response, error), saw func(Response)) {
	for {
		response, err := next()
		if err != nil {
			w.fail(err)
			return
		}
		saw(response)
	}
}

func (w *Watch) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = err
		close(w.failed)
	}
}

func (w *Watch) sawOffer(r *routingv1.WatchOffersResponse) {
	if r.Offer.GetState() == handoverv1.OfferState_OFFER_STATE_SENT {
		handover, _, _ := strings.Cut(r.Offer.Name, "/offers/")
		w.saw("offer of "+handover, r.Offer.Name)
	}
}

func (w *Watch) sawCustody(r *routingv1.WatchCustodyResponse) {
	if r.Custody.GetLine() == w.line {
		w.saw("custody of "+r.Conversation, r.Conversation)
	}
}

func (w *Watch) saw(what, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s, awaited := w.awaits[what]; awaited {
		s.seen <- seen{name, time.Now()}
		delete(w.awaits, what)
	}
}

// offer awaits the offer of a handover, and custody that of a conversation. Await before what
// causes it.
func (w *Watch) offer(handover string) sighting       { return w.await("offer of " + handover) }
func (w *Watch) custody(conversation string) sighting { return w.await("custody of " + conversation) }

func (w *Watch) await(what string) sighting {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := sighting{w, what, make(chan seen, 1)}
	w.awaits[what] = s
	return s
}

func (s sighting) wait(ctx context.Context) (seen, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("%s has not seen the %s within %v", s.watch.line, s.what, patience))
	defer cancel()
	select {
	case what := <-s.seen:
		return what, nil
	case <-s.watch.failed:
		return seen{}, s.watch.err
	case <-ctx.Done():
		return seen{}, context.Cause(ctx)
	}
}
