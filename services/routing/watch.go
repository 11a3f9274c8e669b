package routing

import (
	"bytes"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/readmodel"
	"github.com/stafett/stafett/services/internal/rpc"
)

// WatchOffers streams a line's offers. Each is sent as it stands when it is
// sent, so a slow watcher gets fewer answers and never an old one; it keeps no
// place on the server and holds nobody up.
func (s *Service) WatchOffers(r *routingv1.WatchOffersRequest, stream grpc.ServerStreamingServer[routingv1.WatchOffersResponse]) error {
	ctx := stream.Context()
	if err := s.host.CatchUp(ctx, s.model, r.AfterPosition); err != nil {
		return err
	}
	line, after, onlyOpen := rpc.Caller(ctx).ID, r.AfterPosition, r.AfterPosition == 0
	for {
		changed := s.model.Changed()
		news, last, err := s.offersAfter(line, after, onlyOpen)
		if err != nil {
			return err
		}
		for _, response := range news {
			if err := stream.Send(response); err != nil {
				return err
			}
		}
		after, onlyOpen = last, false
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// offersAfter are the offers to a line that changed after a position, each once,
// in the order of their newest change.
func (s *Service) offersAfter(line string, after uint64, onlyOpen bool) (news []*routingv1.WatchOffersResponse, last uint64, err error) {
	last = after
	err = s.model.View(func(tx *bbolt.Tx) error {
		changes := newestChanges(tx, line, after)
		for _, change := range changes {
			last = change.position
			response, err := offerAsItStands(tx, change)
			if err != nil {
				return err
			}
			if !onlyOpen || handover.OpenOffer(response.Offer) {
				news = append(news, response)
			}
		}
		return nil
	})
	return news, last, err
}

type change struct {
	position uint64
	offer    string
}

func newestChanges(tx *bbolt.Tx, line string, after uint64) []change {
	newest := map[string]uint64{}
	var changes []change
	prefix := readmodel.Prefix(line)
	cursor := tx.Bucket(offersBucket).Cursor()
	for k, name := cursor.Seek(readmodel.Key(line, after+1)); bytes.HasPrefix(k, prefix); k, name = cursor.Next() {
		position := readmodel.KeyPosition(k[:len(k)-1])
		newest[string(name)] = position
		changes = append(changes, change{position: position, offer: string(name)})
	}
	return deleteOlder(changes, newest)
}

func deleteOlder(changes []change, newest map[string]uint64) []change {
	var kept []change
	for _, c := range changes {
		if newest[c.offer] == c.position {
			kept = append(kept, c)
			delete(newest, c.offer)
		}
	}
	return kept
}

func offerAsItStands(tx *bbolt.Tx, c change) (*routingv1.WatchOffersResponse, error) {
	place, err := handover.ParseName(c.offer)
	if err != nil {
		return nil, err
	}
	state, err := conversations.Get(tx, place.Conversation)
	if err != nil {
		return nil, err
	}
	h := state.Conversation.Handovers[place.Handover-1]
	return offerResponse(c.position, h, h.Offers[place.Offer-1]), nil
}

func offerResponse(position uint64, h *handoverv1.Handover, o *handoverv1.Offer) *routingv1.WatchOffersResponse {
	return &routingv1.WatchOffersResponse{Position: position, Offer: o, Header: h.Header, FromLine: h.FromLine}
}
