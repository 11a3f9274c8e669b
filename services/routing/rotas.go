package routing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/rota"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

// ApplyRota publishes a rota.
func (s *Service) ApplyRota(ctx context.Context, r *routingv1.ApplyRotaRequest) (*routingv1.ApplyRotaResponse, error) {
	if err := mayChange(ctx, r.Line); err != nil {
		return nil, err
	}
	published, file, err := rota.Published(cmp.Or(r.FileName, "rota.yaml"), r.File)
	if err != nil {
		return nil, fileInvalid(err)
	}
	if handover.LineName(published.Line()) != r.Line {
		return nil, refusal.Field("file", "it is the rota of "+published.Line()+"; apply it to that line")
	}
	return rpc.Answer[routingv1.ApplyRotaResponse](s.change(ctx, r, func(state *lines.State, _ time.Time) ([]proto.Message, error) {
		return publishRota(state, file), nil
	}))
}

// publishRota returns the event that publishes a file, or none if it is already the newest, so
// that its changes stay.
func publishRota(state *lines.State, file string) []proto.Message {
	if state.GetRota().GetFile() == file {
		return nil
	}
	return []proto.Message{&eventv1.RotaPublished{File: file}}
}

// fileInvalid refuses a file, listing its mistakes and their positions.
func fileInvalid(mistakes error) error {
	return refusal.FileInvalid(mistakes.Error(), "field", "file")
}

// ChangeRota changes a rota.
func (s *Service) ChangeRota(ctx context.Context, r *routingv1.ChangeRotaRequest) (*routingv1.ChangeRotaResponse, error) {
	return rpc.Answer[routingv1.ChangeRotaResponse](s.change(ctx, r, func(state *lines.State, now time.Time) ([]proto.Message, error) {
		if state.Rota == nil {
			return nil, noRota(r.Line)
		}
		changes := changesAt(timestamppb.New(now), r.Changes)
		if err := mayBeMade(state.Rota, changes); err != nil {
			return nil, err
		}
		return []proto.Message{&eventv1.RotaChanged{Changes: changes}}, nil
	}))
}

func changesAt(at *timestamppb.Timestamp, asked []*handoverv1.RotaChange) (changes []*handoverv1.RotaChange) {
	for _, c := range asked {
		c = proto.CloneOf(c)
		c.RecordTime = at
		changes = append(changes, c)
	}
	return changes
}

// mayBeMade refuses changes that cannot be made to a rota.
func mayBeMade(of *statev1.Rota, changes []*handoverv1.RotaChange) error {
	before, err := rota.Of(of)
	if err != nil {
		return err
	}
	read, err := rota.ChangesOf(changes)
	if err == nil {
		_, err = before.With(read...)
	}
	var refused *rota.Refused
	if !errors.As(err, &refused) {
		return err
	}
	return refusal.RotaRefused(refused.Message,
		"field", fmt.Sprintf("changes[%d]", refused.Index), "why", string(refused.Reason))
}

func noRota(line string) error {
	return refusal.RotaMissing(line+" has no rota; apply one first",
		"line", handover.LineID(line))
}
