package play

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/client"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// watchOffers opens the desk of every line: it learns of offers as a real one does. It
// watches from a position before any offer of the conversation, so that it also learns of
// offers that end before the stream is established.
func (p *player) watchOffers(ctx context.Context, position uint64) {
	for line, platform := range p.lines {
		p.spawn(ctx, func() error {
			request := &routingv1.WatchOffersRequest{AfterPosition: position}
			return client.Watch(ctx, platform.Routing.WatchOffers, request, func(r *routingv1.WatchOffersResponse) error {
				if strings.HasPrefix(r.Offer.Name, p.played.Conversation+"/") {
					p.board.change(func() { p.board.offers[line] = r.Offer })
				}
				return nil
			})
		})
	}
}

// offer returns the newest offer to a line, once its desk has received it. If the history
// has none, it does not wait.
func (p *player) offer(ctx context.Context, line string) (name string, err error) {
	if err := p.refresh(ctx); err != nil {
		return "", err
	}
	if name = newestOffer(p.state.GetConversation(), line); name == "" {
		return "", fmt.Errorf("no offer was made to %s", line)
	}
	err = p.board.await(ctx, fmt.Sprintf("%s has not come to the desk of %s", name, line), func() bool {
		return p.board.offers[line].GetName() == name
	})
	return name, err
}

// newestOffer returns the name of the newest offer to a line, or "".
func newestOffer(c *statev1.Conversation, line string) string {
	for _, h := range slices.Backward(c.GetHandovers()) {
		for _, o := range slices.Backward(h.Offers) {
			if o.Line == line && o.CreateTime != nil {
				return o.Name
			}
		}
	}
	return ""
}
