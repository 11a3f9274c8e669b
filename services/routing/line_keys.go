package routing

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/seal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

// mostLineKeys bounds the keys of a line that can be used or were revoked.
const mostLineKeys = 64

const notRevoked = handoverv1.KeyRevocation_KEY_REVOCATION_UNSPECIFIED

// PublishLineKey publishes a key of the calling line. The same key again changes nothing.
func (s *Service) PublishLineKey(ctx context.Context, r *routingv1.PublishLineKeyRequest) (*routingv1.PublishLineKeyResponse, error) {
	return rpc.Answer[routingv1.PublishLineKeyResponse](s.change(ctx, r, func(state *lines.State, now time.Time) ([]proto.Message, error) {
		key, err := s.trusted(state, handover.LineID(r.Line), r.Key)
		if err != nil || lines.LineKey(state, key.ID) != nil {
			return nil, err
		}
		if !now.Before(key.NotAfter.AsTime()) {
			return nil, refusal.KeyNotTrusted("the key's time is over already; make a new one", "line", r.Line)
		}
		if len(state.Keys) >= mostLineKeys {
			return nil, refusal.TooManyKeys(fmt.Sprintf("%s has %d keys; retire those that were replaced", r.Line, len(state.Keys)), "line", r.Line)
		}
		return []proto.Message{&eventv1.LineKeyPublished{Key: r.Key, Id: key.ID}}, nil
	}))
}

// trusted verifies a statement about a key by the line's own signing keys. Where it has none that
// still counts, the key must sign itself.
func (s *Service) trusted(state *lines.State, line string, statement *sealv1.SignedKey) (key *seal.PublicKey, err error) {
	domain, signing := s.deps.Domain(), (*seal.PublicKey)(nil)
	for _, known := range state.Keys {
		if known.Revocation != notRevoked {
			continue
		}
		by, err := seal.VerifyKey(known.Key, domain, line, signing)
		if err == nil && by.Use == sealv1.KeyUse_KEY_USE_SIGNING {
			signing = by
		}
	}
	if key, err = seal.VerifyKey(statement, domain, line, signing); err != nil {
		return nil, refusal.KeyNotTrusted(err.Error(), "line", handover.LineName(line))
	}
	return key, nil
}

// RetireLineKey records that the private part of a sealing key was destroyed.
func (s *Service) RetireLineKey(ctx context.Context, r *routingv1.RetireLineKeyRequest) (*routingv1.RetireLineKeyResponse, error) {
	return rpc.Answer[routingv1.RetireLineKeyResponse](s.change(ctx, r, func(state *lines.State, _ time.Time) ([]proto.Message, error) {
		key := lines.LineKey(state, r.Key)
		switch {
		case key == nil:
			return nil, keyNotFound(r.Line, r.Key)
		case key.Retired:
			return nil, nil
		case !replaced(state, key):
			return nil, refusal.KeyInUse("a signing key, or a sealing key without a newer one, cannot be retired; publish its successor first", "line", r.Line)
		}
		return []proto.Message{&eventv1.LineKeyRetired{Id: r.Key}}, nil
	}))
}

// replaced reports whether a sealing key has a newer one.
func replaced(state *lines.State, key *statev1.LineKeyState) bool {
	newer := false
	for _, other := range state.Keys {
		newer = newer || other.Position > key.Position && other.Revocation == notRevoked && isSealing(other)
	}
	return newer && isSealing(key)
}

func isSealing(key *statev1.LineKeyState) bool {
	stated := &sealv1.LineKey{}
	return proto.Unmarshal(key.Key.Key, stated) == nil && stated.Use == sealv1.KeyUse_KEY_USE_SEALING
}

// RevokeLineKey revokes a key at once.
func (s *Service) RevokeLineKey(ctx context.Context, r *routingv1.RevokeLineKeyRequest) (*routingv1.RevokeLineKeyResponse, error) {
	return rpc.Answer[routingv1.RevokeLineKeyResponse](s.change(ctx, r, func(state *lines.State, _ time.Time) ([]proto.Message, error) {
		key := lines.LineKey(state, r.Key)
		if key == nil {
			return nil, keyNotFound(r.Line, r.Key)
		}
		if key.Revocation != notRevoked {
			return nil, nil
		}
		return []proto.Message{&eventv1.LineKeyRevoked{Id: r.Key, Reason: r.Reason}}, nil
	}))
}

func keyNotFound(line string, id []byte) error {
	return refusal.KeyNotFound(fmt.Sprintf("%s has no key %x; list its keys", line, id), "line", line, "key", hex.EncodeToString(id))
}

// ListLineKeys lists the keys of a line.
func (s *Service) ListLineKeys(ctx context.Context, r *routingv1.ListLineKeysRequest) (*routingv1.ListLineKeysResponse, error) {
	state, err := s.keysOf(ctx, r.Parent, r.MinPosition)
	if err != nil {
		return nil, err
	}
	list := "keys of " + r.Parent
	after, err := rpc.ReadPageToken(list, r.PageToken)
	if err != nil {
		return nil, err
	}
	response := &routingv1.ListLineKeysResponse{}
	page, token := rpc.Page(list, state.Keys, keyOrder, after, rpc.PageSize(r.PageSize))
	for _, key := range page {
		response.Keys = append(response.Keys, &routingv1.PublishedKey{
			Key: key.Key, Id: key.Id, Position: key.Position, Retired: key.Retired, Revocation: key.Revocation, RevokeTime: key.RevokeTime,
		})
	}
	response.NextPageToken = token
	return response, nil
}

// keyOrder is a text that sorts keys by position.
func keyOrder[K interface{ GetPosition() uint64 }](key K) string {
	return fmt.Sprintf("%020d", key.GetPosition())
}

// keysOf is the state of a line that is in the directory.
func (s *Service) keysOf(ctx context.Context, line string, position uint64) (*lines.State, error) {
	if err := s.model.Await(ctx, position); err != nil {
		return nil, err
	}
	id := handover.LineID(line)
	if _, err := s.known(id); err != nil {
		return nil, err
	}
	return s.lineState(id)
}
