package postgres

import (
	"context"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"google.golang.org/grpc"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/bench/internal/mtls"
)

const (
	notify         = `SELECT pg_notify($1, $2)`
	offersChannel  = "offers"
	custodyChannel = "custody"
)

// watchers get what concerns their line. One connection listens for all of them.
type watchers struct {
	mu   sync.Mutex
	open map[string]map[chan string]bool // by channel and line
}

// listen passes notifications on until the context ends.
func (s *service) listen(ctx context.Context, ready chan<- struct{}) error {
	conn, err := pgx.Connect(ctx, s.address)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN offers; LISTEN custody"); err != nil {
		return err
	}
	close(ready)
	for {
		told, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		line, what, _ := strings.Cut(told.Payload, " ")
		s.watchers.tell(told.Channel+" "+line, what)
	}
}

func (w *watchers) tell(whom, what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for watcher := range w.open[whom] {
		watcher <- what
	}
}

// watch returns what a watcher is told until the context ends.
func (w *watchers) watch(ctx context.Context, whom string) <-chan string {
	w.mu.Lock()
	defer w.mu.Unlock()
	told := make(chan string, 1024) // more than are ever played at once
	if w.open[whom] == nil {
		w.open[whom] = map[chan string]bool{}
	}
	w.open[whom][told] = true
	context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.open[whom], told)
	})
	return told
}

// each sends what a watcher is told.
func (w *watchers) each(ctx context.Context, whom string, send func(what string) error) error {
	for told := w.watch(ctx, whom); ; {
		select {
		case what := <-told:
			if err := send(what); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

const standing = `SELECT custody, epoch, phase FROM conversation WHERE id = $1`

// WatchOffers reads each offer as it stands when it is sent.
func (s routing) WatchOffers(_ *routingv1.WatchOffersRequest, stream grpc.ServerStreamingServer[routingv1.WatchOffersResponse]) error {
	return s.watchers.each(stream.Context(), offersChannel+" "+mtls.Caller(stream.Context()), func(handover string) error {
		id, _, _ := strings.Cut(strings.TrimPrefix(handover, "conversations/"), "/")
		var custody string
		var epoch int32
		var now phase
		if err := s.pool.QueryRow(stream.Context(), standing, id).Scan(&custody, &epoch, &now); err != nil {
			return err
		}
		state := handoverv1.OfferState_OFFER_STATE_SENT
		if now != offered {
			state = handoverv1.OfferState_OFFER_STATE_ACCEPTED
		}
		return stream.Send(&routingv1.WatchOffersResponse{
			Offer: &routingv1.Offer{Name: handover + "/offers/1", State: state}, FromLine: "lines/" + custody,
			Header: &handoverv1.PacketHeader{Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb"},
		})
	})
}

// WatchCustody reads each conversation as it stands when it is sent.
func (s routing) WatchCustody(_ *routingv1.WatchCustodyRequest, stream grpc.ServerStreamingServer[routingv1.WatchCustodyResponse]) error {
	return s.watchers.each(stream.Context(), custodyChannel+" "+mtls.Caller(stream.Context()), func(id string) error {
		var custody string
		var epoch int32
		var now phase
		if err := s.pool.QueryRow(stream.Context(), standing, id).Scan(&custody, &epoch, &now); err != nil {
			return err
		}
		return stream.Send(&routingv1.WatchCustodyResponse{
			Conversation: "conversations/" + id, Custody: &routingv1.Custody{Line: "lines/" + custody, Epoch: uint32(epoch)},
		})
	})
}
