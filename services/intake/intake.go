// Package intake takes conversations in: who came, who is present, what the child agreed to,
// and the sealed words that pass while two lines share the child.
//
// It owns the events of conversations, presence, consent, packets and messages, and reads the
// whole log. It alone holds the vault with the sealed blobs. While it is down, no new child
// can be taken in and no words pass between lines; custody stays where it is.
package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"slices"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/intake/internal/vault"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/rpc"
)

// orphaned is the age at which a blob without a recorded command counts as abandoned.
const orphaned = time.Hour

type Service struct {
	intakev1.UnsafeIntakeServiceServer
	deps          dependencies.Set
	model         *projection.Model
	conversations *conversations.Repository
	vault         *vault.Vault
}

// Open opens the service's files and brings its projection up to date.
func Open(ctx context.Context, h dependencies.Set) (dependencies.Service, error) {
	pending := conversations.NewPending()
	model, err := h.OpenModel(ctx, definition(pending))
	if err != nil {
		return nil, err
	}
	blobs, err := vault.Open(filepath.Join(h.Data, "vault.db"))
	if err != nil {
		return nil, errors.Join(err, model.Close())
	}
	s := &Service{deps: h, model: model, vault: blobs, conversations: conversations.NewRepository(conversations.Parts{
		Log: h.Log, Clock: h.Clock, Limits: h.Rules, Model: model, Pending: pending,
	})}
	if err := s.sweep(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Register registers the service's RPCs on a server.
func (s *Service) Register(r grpc.ServiceRegistrar) { intakev1.RegisterIntakeServiceServer(r, s) }

// Run follows the log.
func (s *Service) Run(ctx context.Context) error { return s.model.Run(ctx) }

// Model is the service's projection.
func (s *Service) Model() *projection.Model { return s.model }

// Close releases the service's files.
func (s *Service) Close() error {
	return errors.Join(s.vault.Close(), s.model.Close())
}

// sweep removes blobs whose command was never recorded.
func (s *Service) sweep() error {
	return s.model.View(func(tx *bbolt.Tx) error {
		return s.vault.Sweep(s.deps.Clock.Now().Add(-orphaned), func(conversation string, commitment []byte) bool {
			return tx.Bucket(blobsBucket).Get(blobKey(conversation, commitment)) != nil
		})
	})
}

// do executes a command on the conversation that a resource name belongs to.
func (s *Service) do(ctx context.Context, name string, request rpc.Command, make func(line string, place handover.ResourceName) handover.Command) (*handoverv1.Recorded, error) {
	return rpc.Do(ctx, s.conversations, name, request, make)
}

// OpenConversation opens a conversation. Its id is derived from the caller and the request id,
// so that a repeated request finds the same conversation.
func (s *Service) OpenConversation(ctx context.Context, r *intakev1.OpenConversationRequest) (*intakev1.OpenConversationResponse, error) {
	line := rpc.Caller(ctx).ID
	if err := s.comesBy(line, r.Channel, r.Door); err != nil {
		return nil, err
	}
	call, err := rpc.Call(ctx, "", r)
	if err != nil {
		return nil, err
	}
	id := sha256.Sum256(append([]byte(call.Caller+"\x00"), call.RequestID...))
	call.Target = hex.EncodeToString(id[:16])
	return rpc.Answer[intakev1.OpenConversationResponse](s.conversations.Do(ctx, call, handover.OpenConversation{
		Conversation: handover.ConversationName(call.Target), Line: line, Channel: r.Channel,
		Language: r.LanguageCode, AgeBand: r.AgeBand, Area: r.Area, Child: r.Child, Door: r.Door,
	}))
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
