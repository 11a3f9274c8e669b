// Package intake takes conversations in: who came, who is present, what the child agreed to,
// and the sealed words that pass while two lines share the child.
//
// It owns the events of conversations, presence, consent, packets and messages, and reads the
// whole log. It alone holds the vault with the sealed blobs. While it is down, no new child
// can be taken in and no words pass between lines; custody stays where it is.
package intake

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/intake/internal/vault"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/executor"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/rpc"
)

// orphaned is the age at which a blob without a recorded command counts as abandoned.
const orphaned = time.Hour

type Service struct {
	deps          dependencies.Set
	model         *projection.Model
	conversations *conversations.Repository
	commands      *executor.Executor
	vault         *vault.Vault
}

// Open opens the service's files and brings its projection up to date.
func Open(ctx context.Context, deps dependencies.Set) (dependencies.Service, error) {
	definition, pending := Definition(), conversations.NewPending()
	definition.Committed = pending.Forget
	model, err := deps.OpenModel(ctx, definition)
	if err != nil {
		return nil, err
	}
	blobs, err := openVault(deps)
	if err != nil {
		return nil, errors.Join(err, model.Close())
	}
	s := &Service{deps: deps, model: model, vault: blobs, conversations: conversations.NewRepository(conversations.Parts{
		Log: deps.Log, Clock: deps.Clock, Limits: deps.Rules, Model: model, Pending: pending,
	})}
	s.commands = &executor.Executor{Conversations: s.conversations, Check: s.check, Directory: s.directory, Staff: s.lines().Staff}
	return s, nil
}

// lines reads the lines. Routing changes them.
func (s *Service) lines() *lines.Repository {
	return lines.NewRepository(s.deps.Log, s.deps.Clock, lines.Known{State: s.lineState})
}

func (s *Service) lineState(id string) (*lines.State, error) { return lines.Read(s.model.View, id) }

// Register registers the service's RPCs on a server.
func (s *Service) Register(r grpc.ServiceRegistrar) error {
	return s.commands.Register(r, &intakev1.IntakeService_ServiceDesc, server{Service: s}, s)
}

// server has the methods of Service. The executor answers the other RPCs.
type server struct {
	*Service
	unimplemented
}

// unimplemented is embedded one level deeper than Service, whose methods come first.
type unimplemented struct {
	intakev1.UnimplementedIntakeServiceServer
}

// Run follows the log, and goes through the vault once.
func (s *Service) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.model.Run(ctx) })
	group.Go(func() error { return s.vault.Watch(ctx) })
	group.Go(func() error { return s.lookThroughVault(ctx) })
	return group.Wait()
}

// Model is the service's projection.
func (s *Service) Model() *projection.Model { return s.model }

// Close releases the service's files.
func (s *Service) Close() error {
	return errors.Join(s.vault.Close(), s.model.Close())
}

// check refuses a child who comes to a line or a door that the directory does not have, and words
// that are not sealed.
func (s *Service) check(ctx context.Context, request rpc.Command) error {
	if r, opens := request.(*intakev1.OpenConversationRequest); opens {
		return s.comesBy(rpc.Caller(ctx).ID, r.Channel, r.Door)
	}
	return sealed(request)
}

// comesBy refuses a line that is not in the directory, and a door that the line does not have
// on a channel.
func (s *Service) comesBy(id string, channel handoverv1.Channel, door string) error {
	var line *handoverv1.Line
	err := s.model.View(func(tx *bbolt.Tx) (err error) {
		line, err = lines.Get(tx, id)
		return err
	})
	if err != nil || door == "" {
		return err
	}
	if slices.ContainsFunc(line.Doors, func(d *handoverv1.Door) bool { return d.Id == door && d.Channel == channel }) {
		return nil
	}
	return refusal.DoorNotFound(id+" has no door "+door+" on this channel; show the line to see its doors",
		"line", id, "door", door)
}
