// Package routing keeps the directory of lines and moves custody: it ranks the lines for a
// child, asks them, brings sender and receiver together with the child, and records the change
// of hands.
//
// It owns the events of lines, handovers, offers, bridges and custody. It reads the whole log
// and never sees content. While it is down, handovers stop and custody stays where it is;
// deadlines that passed meanwhile fire when it is back.
package routing

import (
	"context"
	"errors"

	"google.golang.org/grpc"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/executor"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/livedirectory"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/timerqueue"
)

type Service struct {
	routingv1.UnsafeDirectoryServiceServer
	routingv1.UnsafeKeyServiceServer
	deps          dependencies.Set
	model         *projection.Model
	cache         *livedirectory.Cache
	lines         *lines.Repository
	conversations *conversations.Repository
	commands      *executor.Executor
	timers        *timerqueue.Queue
	rechecks      *rechecks
	ticketKey     []byte
	claims        locks // by line, for claims of tickets
}

// Open opens the service's files, brings its projection up to date and fills the
// timer queue from it.
func Open(ctx context.Context, deps dependencies.Set, seed Seed) (*Service, error) {
	pending, timers, again := conversations.NewPending(), timerqueue.New(deps.Clock), newRechecks()
	model, err := deps.OpenModel(ctx, watched(pending, timers, again))
	if err != nil {
		return nil, err
	}
	s := newService(deps, model, pending, timers, again)
	if err := s.begin(ctx, seed); err != nil {
		return nil, errors.Join(err, model.Close())
	}
	return s, nil
}

func newService(deps dependencies.Set, model *projection.Model, pending *conversations.Pending, timers *timerqueue.Queue, again *rechecks) *Service {
	cache := &livedirectory.Cache{Topics: deps.Topics, Rules: deps.Ranking, Lease: deps.Rules.Lease}
	repository := lines.NewRepository(deps.Log, deps.Clock, lines.Known{
		State: func(id string) (*lines.State, error) { return lines.Read(model.View, id) }, Receipt: model.Receipt,
	})
	parts := conversations.Parts{Log: deps.Log, Clock: deps.Clock, Limits: deps.Rules, Model: model, Pending: pending}
	seats := &reservations{
		identity: deps.Identity, model: model, cache: cache, lines: repository, others: conversations.NewRepository(parts),
	}
	parts.Reserve = seats.reserve
	s := &Service{
		deps: deps, model: model, cache: cache, lines: repository, timers: timers, rechecks: again, ticketKey: deps.Secret("tickets"),
		conversations: conversations.NewRepository(parts),
	}
	s.commands = &executor.Executor{Conversations: s.conversations, Check: s.check, Directory: s.directoryFor, ConversationOf: s.conversationOf, Staff: repository.Staff}
	return s
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

// Register registers the service's RPCs on a server.
func (s *Service) Register(r grpc.ServiceRegistrar) error {
	routingv1.RegisterDirectoryServiceServer(r, s)
	routingv1.RegisterKeyServiceServer(r, s)
	return s.commands.Register(r, &routingv1.RoutingService_ServiceDesc, server{Service: s}, s)
}

// server has the methods of Service. The executor answers the other RPCs.
type server struct {
	*Service
	unimplemented
}

// unimplemented is embedded one level deeper than Service, whose methods come first.
type unimplemented struct {
	routingv1.UnimplementedRoutingServiceServer
}

// Run follows the log and processes deadlines.
func (s *Service) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	turned := make(chan struct{})
	go func() {
		s.timers.Run(ctx, s.advance)
		close(turned)
	}()
	err := s.model.Run(ctx)
	cancel()
	<-turned
	return err
}

// Timers are the deadlines that the service waits for.
func (s *Service) Timers() *timerqueue.Queue { return s.timers }

// Model is the service's projection.
func (s *Service) Model() *projection.Model { return s.model }

// Close releases the service's files.
func (s *Service) Close() error { return s.model.Close() }
