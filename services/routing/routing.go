// Package routing keeps the directory of lines and moves custody: it ranks the
// lines for a child, asks them, brings sender and receiver together with the
// child, and records the change of hands.
//
// It owns the events of lines, handovers, offers, bridges and custody. It reads
// the whole log and never sees content. While it is down no handover goes on and
// custody stays where it is; what fell due meanwhile is done once it is back.
package routing

import (
	"context"
	"errors"
	"sync"

	"google.golang.org/grpc"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/host"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/timerqueue"
)

// Service is the routing service.
type Service struct {
	routingv1.UnsafeRoutingServiceServer
	routingv1.UnsafeDirectoryServiceServer
	host      host.Host
	model     *projection.Model
	commander *conversations.Commander
	timers    *timerqueue.Queue
	lines     lines.Cache
	wakings   wakings
	ticketKey []byte
	turns     sync.Map // of chan struct{}: whose turn it is
}

// Open opens the service's files, brings its read model up to date and fills the
// wheel from it.
func Open(ctx context.Context, h host.Host, seed Seed) (*Service, error) {
	s := &Service{
		host: h, commander: conversations.NewCommander(h.Log, h.Clock, h.Rules), wakings: wakings{},
		lines: lines.Cache{Topics: h.Topics, Rules: h.Ranking, Lease: h.Rules.Lease}, ticketKey: h.Secret("tickets"),
	}
	s.timers = timerqueue.New(h.Clock, s.advance)
	model, err := h.OpenModel(ctx, s.definition())
	if err != nil {
		return nil, err
	}
	s.model = model
	s.commander.Use(model)
	s.commander.Before(s.setAside)
	if err := s.begin(ctx, seed); err != nil {
		return nil, errors.Join(err, model.Close())
	}
	return s, nil
}

func (s *Service) begin(ctx context.Context, seed Seed) error {
	if err := s.model.Refresh(ctx); err != nil {
		return err
	}
	if err := s.publish(ctx, seed); err != nil {
		return err
	}
	if err := s.model.Refresh(ctx); err != nil {
		return err
	}
	return s.model.View(s.fillTimers)
}

// Register puts the service's RPCs on a server.
func (s *Service) Register(r grpc.ServiceRegistrar) {
	routingv1.RegisterRoutingServiceServer(r, s)
	routingv1.RegisterDirectoryServiceServer(r, s)
}

// Run follows the log and does what falls due.
func (s *Service) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	turned := make(chan struct{})
	go func() {
		s.timers.Run(ctx)
		close(turned)
	}()
	err := s.model.Run(ctx)
	cancel()
	<-turned
	return err
}

// Wheel is what wakes the service.
func (s *Service) Timers() *timerqueue.Queue { return s.timers }

// Model is the service's read model.
func (s *Service) Model() *projection.Model { return s.model }

// Close releases the service's files.
func (s *Service) Close() error { return s.model.Close() }
