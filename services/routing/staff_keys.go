package routing

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/staffkey"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

// mostStaffKeys bounds the keys of a line's people, revoked ones included.
const mostStaffKeys = 2000

// RegisterStaffKey registers the key of one of the calling line's people. The same key again changes
// nothing.
func (s *Service) RegisterStaffKey(ctx context.Context, r *routingv1.RegisterStaffKeyRequest) (*routingv1.RegisterStaffKeyResponse, error) {
	if err := staffkey.Check(r.Key); err != nil {
		return nil, refusal.Field("key", err.Error())
	}
	id, err := staffkey.ID(r.Key)
	if err != nil {
		return nil, err
	}
	return rpc.Answer[routingv1.RegisterStaffKeyResponse](s.change(ctx, r, func(state *lines.State, _ time.Time) ([]proto.Message, error) {
		if known := lines.StaffKey(state, id); known != nil {
			if known.Revocation != notRevoked {
				return nil, refusal.KeyNotTrusted("this key was revoked; make a new one", "line", r.Line)
			}
			return nil, nil
		}
		if len(state.StaffKeys) >= mostStaffKeys {
			return nil, refusal.TooManyKeys(fmt.Sprintf("%s has registered %d keys of its people, which is the limit", r.Line, len(state.StaffKeys)), "line", r.Line)
		}
		return []proto.Message{&eventv1.StaffKeyRegistered{Key: r.Key, Id: id}}, nil
	}))
}

// RevokeStaffKey revokes the key of one of a line's people at once.
func (s *Service) RevokeStaffKey(ctx context.Context, r *routingv1.RevokeStaffKeyRequest) (*routingv1.RevokeStaffKeyResponse, error) {
	return rpc.Answer[routingv1.RevokeStaffKeyResponse](s.change(ctx, r, func(state *lines.State, _ time.Time) ([]proto.Message, error) {
		key := lines.StaffKey(state, r.Key)
		if key == nil {
			return nil, keyNotFound(r.Line, r.Key)
		}
		if key.Revocation != notRevoked {
			return nil, nil
		}
		return []proto.Message{&eventv1.StaffKeyRevoked{Id: r.Key, Reason: r.Reason}}, nil
	}))
}

// ListStaffKeys lists the keys of a line's people. Another line may not see them.
func (s *Service) ListStaffKeys(ctx context.Context, r *routingv1.ListStaffKeysRequest) (*routingv1.ListStaffKeysResponse, error) {
	if err := mayChange(ctx, r.Parent); err != nil {
		return nil, err
	}
	state, err := s.keysOf(ctx, r.Parent, r.MinPosition)
	if err != nil {
		return nil, err
	}
	list := "staff keys of " + r.Parent
	after, err := rpc.ReadPageToken(list, r.PageToken)
	if err != nil {
		return nil, err
	}
	response := &routingv1.ListStaffKeysResponse{}
	page, token := rpc.Page(list, state.StaffKeys, keyOrder, after, rpc.PageSize(r.PageSize))
	for _, key := range page {
		response.Keys = append(response.Keys, &routingv1.RegisteredKey{
			Key: key.Key, Id: key.Id, Position: key.Position, Revocation: key.Revocation, RevokeTime: key.RevokeTime,
		})
	}
	response.NextPageToken = token
	return response, nil
}
