package routing

import (
	"context"
	"errors"
	"slices"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/view"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/rpc"
)

// WatchOffers streams a line's offers. Each is sent as it stands at the time, so a slow
// watcher gets fewer answers and never a stale one. It keeps no state on the server and holds
// no one up.
func (s *Service) WatchOffers(r *routingv1.WatchOffersRequest, stream grpc.ServerStreamingServer[routingv1.WatchOffersResponse]) error {
	line := rpc.Caller(stream.Context()).ID
	f := follower{model: s.model, feed: offerFeed, line: line, tell: func(tx *bbolt.Tx, c change) (func() error, error) {
		name, err := handover.ParseName(c.what)
		if err != nil {
			return nil, err
		}
		return s.withState(stream.Context(), tx, name.Conversation, func(state *handover.State) error {
			return stream.Send(offerAsItStands(state, name, c.position))
		})
	}}
	return f.follow(stream.Context(), r.AfterPosition)
}

// WatchCustody streams the conversations that a line has in custody or that require something
// of it, each as it stands when it is sent.
func (s *Service) WatchCustody(r *routingv1.WatchCustodyRequest, stream grpc.ServerStreamingServer[routingv1.WatchCustodyResponse]) error {
	line := rpc.Caller(stream.Context()).ID
	if err := s.mayWatch(stream.Context(), r, line); err != nil {
		return err
	}
	f := follower{model: s.model, feed: custodyFeed, line: line, paced: true, tell: func(tx *bbolt.Tx, c change) (func() error, error) {
		if r.Conversation != "" && r.Conversation != handover.ConversationName(c.what) {
			return nil, nil
		}
		return s.withState(stream.Context(), tx, c.what, func(state *handover.State) error {
			return stream.Send(custodyAsItStands(state, c.position, line))
		})
	}}
	return f.follow(stream.Context(), r.AfterPosition)
}

// mayWatch refuses a conversation to a line that never took part in it.
func (s *Service) mayWatch(ctx context.Context, r *routingv1.WatchCustodyRequest, line string) error {
	if r.Conversation == "" {
		return nil
	}
	if err := s.model.CatchUp(ctx, r.AfterPosition); err != nil {
		return err
	}
	state, _, err := s.read(ctx, r.Conversation, 0)
	if err != nil {
		return err
	}
	return decide.RequireVisible(state, line)
}

// withState sends a conversation as a transaction sees it. That of a finished one is read from the
// log, after the transaction.
func (s *Service) withState(ctx context.Context, tx *bbolt.Tx, id string, send func(*handover.State) error) (func() error, error) {
	state, err := conversations.Get(tx, id)
	if !errors.Is(err, conversations.ErrFinished) {
		return func() error { return send(state) }, err
	}
	return func() error {
		state, err := s.conversations.Projected(ctx, id)
		if err != nil {
			return err
		}
		return send(state)
	}, nil
}

func offerAsItStands(state *handover.State, name handover.ResourceName, position uint64) *routingv1.WatchOffersResponse {
	h := handover.Of(state.Conversation).Handover(name.Handover)
	offer := h.Offer(name.Offer)
	return &routingv1.WatchOffersResponse{
		Position: position, Offer: view.Offer(offer), Header: headerFor(h, offer), FromLine: handover.LineName(h.FromLine),
		ConfirmCancel: slices.Contains(h.CancelUnconfirmed, offer.Line), Consultation: view.Followed(h),
	}
}

// headerFor is what an asked line may see. A line that has declined or not answered does not
// see what becomes known while others are asked.
func headerFor(h handover.Handover, offer handover.Offer) *handoverv1.PacketHeader {
	switch offer.State {
	case handoverv1.OfferState_OFFER_STATE_DECLINED, handoverv1.OfferState_OFFER_STATE_TIMED_OUT,
		handoverv1.OfferState_OFFER_STATE_UNREACHABLE:
		return nil
	}
	return h.Header
}

func custodyAsItStands(state *handover.State, position uint64, line string) *routingv1.WatchCustodyResponse {
	return &routingv1.WatchCustodyResponse{
		Position: position, Conversation: state.Conversation.Name, Custody: view.Custody(state.Conversation, line), SupervisorCalls: view.SupervisorCalls(state.Conversation, line),
		DecisionDue: decisionsDue(state.Conversation, line), OutcomeDue: outcomesDue(state.Conversation, line),
		Disappearance: view.Disappearance(state.Conversation, line),
	}
}
