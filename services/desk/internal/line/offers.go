package line

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

// Offer is an offer to this line, as it stands.
type Offer struct {
	*routingv1.WatchOffersResponse
	// Gone is when it ended; zero while the line can answer it.
	Gone time.Time
}

// shownFor is how long a page says why an offer went away.
const shownFor = 5 * time.Minute

// Live: the line can answer it.
func (o *Offer) Live() bool { return handover.OfferOpen(o.Offer.GetState()) }

// Offers are those to answer, and those that went away a moment ago; oldest first.
func (l *Line) Offers() (all []Offer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, o := range l.offers {
		if o.Live() || l.Now().Before(o.Gone.Add(shownFor)) {
			all = append(all, *o)
		}
	}
	slices.SortFunc(all, older)
	return all
}

// older is an order that lasts: a row must not move while somebody clicks on it.
func older(a, b Offer) int {
	return cmp.Or(a.Offer.GetCreateTime().AsTime().Compare(b.Offer.GetCreateTime().AsTime()), cmp.Compare(a.Offer.GetName(), b.Offer.GetName()))
}

func (l *Line) watchOffers(ctx context.Context) error {
	return client.Watch(ctx, l.Platform.Routing.WatchOffers, &routingv1.WatchOffersRequest{}, func(r *routingv1.WatchOffersResponse) error {
		return l.offered(ctx, r)
	})
}

// offered takes an offer as it stands now.
func (l *Line) offered(ctx context.Context, r *routingv1.WatchOffersResponse) error {
	l.keepOffer(&Offer{WatchOffersResponse: r})
	switch r.Offer.State {
	case handoverv1.OfferState_OFFER_STATE_SENT:
		l.run(func(ctx context.Context) {
			l.acknowledge(ctx, r.Offer.Name, handoverv1.OfferState_OFFER_STATE_DELIVERED)
		})
	case handoverv1.OfferState_OFFER_STATE_ACCEPTED:
		if err := l.adopt(r.Offer.Name); err != nil {
			return err
		}
	}
	if r.ConfirmCancel {
		l.run(func(ctx context.Context) {
			_, err := client.Send(ctx, l.Platform.Routing.ConfirmCancel, &routingv1.ConfirmCancelRequest{Offer: r.Offer.Name})
			l.fail("a cancelled offer was not confirmed", err, "offer", r.Offer.Name)
		})
	}
	l.Hub.Changed("")
	return ctx.Err()
}

// keepOffer keeps an offer. One that had ended before this desk heard of it is not shown.
func (l *Line) keepOffer(o *Offer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := o.Offer.Name
	if former := l.offers[name]; former == nil && !o.Live() {
		return
	} else if !o.Live() && former.Live() {
		o.Gone = l.Now()
	} else if !o.Live() {
		o.Gone = former.Gone
	}
	l.offers[name] = o
}

// acknowledge tells the platform that an offer has arrived, or that a person has seen it.
func (l *Line) acknowledge(ctx context.Context, offer string, state handoverv1.OfferState) {
	_, err := client.Send(ctx, l.Platform.Routing.AcknowledgeOffer, &routingv1.AcknowledgeOfferRequest{Offer: offer, State: state})
	l.fail("an offer was not acknowledged", err, "offer", offer)
}

// Seen acknowledges that a person has offers before their eyes.
func (l *Line) Seen(ctx context.Context) {
	for _, o := range l.Offers() {
		if o.Offer.State == handoverv1.OfferState_OFFER_STATE_DELIVERED {
			l.acknowledge(ctx, o.Offer.Name, handoverv1.OfferState_OFFER_STATE_ALERTING)
		}
	}
}

// adopt follows the conversation of an offer that this line accepted, also if the desk was restarted
// since.
func (l *Line) adopt(offer string) error {
	conversation := conversationOf(offer)
	e, err := l.entry(conversation, func() talk.Talk {
		return talk.Talk{Name: conversation, Opened: l.Now(), Accepted: []string{offer}}
	})
	if err != nil {
		return err
	}
	return l.accepted(e, offer)
}

// accepted keeps an offer, once. A conversation that had ended for this line goes on: the child is back.
func (l *Line) accepted(e *entry, offer string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if slices.Contains(e.Accepted, offer) {
		return nil
	}
	next := e.Clone()
	next.Accepted, next.Closed, next.Left = append(next.Accepted, offer), time.Time{}, false
	if err := l.Store.Put(talkKind, e.name, next); err != nil {
		return err
	}
	if e.Closed.IsZero() {
		e.Talk = next
		return nil
	}
	again := newEntry(next)
	again.position = e.position
	l.talks[e.name] = again
	l.follow(again)
	return nil
}
