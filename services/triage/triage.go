// Package triage records what a conversation is about and how great the risk is, and
// recommends a line that suits the child better.
//
// It owns the events of assessments, recommendations and duty records. It reads the whole log.
// It can tag but never moves custody. While it is down, conversations cannot be tagged;
// handovers that have begun go on.
package triage

import (
	"context"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/handover"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/executor"
	"github.com/stafett/stafett/services/internal/livedirectory"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/rpc"
)

type Service struct {
	deps          dependencies.Set
	model         *projection.Model
	conversations *conversations.Repository
	commands      *executor.Executor
	cache         *livedirectory.Cache
}

// Open opens the service's files and brings its projection up to date.
func Open(ctx context.Context, deps dependencies.Set) (dependencies.Service, error) {
	definition, pending := Definition(), conversations.NewPending()
	definition.Committed = pending.Forget
	model, err := deps.OpenModel(ctx, definition)
	if err != nil {
		return nil, err
	}
	s := &Service{
		deps: deps, model: model, cache: &livedirectory.Cache{Topics: deps.Topics, Rules: deps.Ranking, Lease: deps.Rules.Lease},
		conversations: conversations.NewRepository(conversations.Parts{
			Log: deps.Log, Clock: deps.Clock, Limits: deps.Rules, Model: model, Pending: pending,
		}),
	}
	s.commands = &executor.Executor{Conversations: s.conversations, Check: s.check, Directory: s.directory}
	return s, nil
}

// Register registers the service's RPCs on a server.
func (s *Service) Register(r grpc.ServiceRegistrar) error {
	return s.commands.Register(r, &triagev1.TriageService_ServiceDesc, server{Service: s}, s)
}

// server has the methods of Service. The executor answers the other RPCs.
type server struct {
	*Service
	unimplemented
}

// unimplemented is embedded one level deeper than Service, whose methods come first.
type unimplemented struct {
	triagev1.UnimplementedTriageServiceServer
}

// Run follows the log.
func (s *Service) Run(ctx context.Context) error { return s.model.Run(ctx) }

// Model is the service's projection.
func (s *Service) Model() *projection.Model { return s.model }

// Close releases the service's files.
func (s *Service) Close() error { return s.model.Close() }

// check refuses topics that are not in the taxonomy. Those to be removed may be from an older
// one.
func (s *Service) check(_ context.Context, request rpc.Command) error {
	if r, tags := request.(*triagev1.TagConversationRequest); tags {
		return rpc.KnownTopics(s.deps.Topics, r.Add)
	}
	return nil
}

// directory is the directory as a command may use it. Every conversation sees the same.
func (s *Service) directory(string) (made handover.Directory, err error) {
	now := s.deps.Clock.Now()
	err = s.model.View(func(tx *bbolt.Tx) error {
		all, err := s.cache.Directory(tx, now)
		if err == nil {
			made = livedirectory.ForCommands(all, s.deps.Topics.Version(), now)
		}
		return err
	})
	return made, err
}
