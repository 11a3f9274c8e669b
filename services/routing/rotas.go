package routing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/rota"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

const (
	// shiftsAhead is how far GetRota looks where nothing is asked for, and
	// furthestShifts how far at most.
	shiftsAhead    = 14 * 24 * time.Hour
	furthestShifts = 366 * 24 * time.Hour
)

// ApplyRota publishes a rota.
func (s *Service) ApplyRota(ctx context.Context, r *routingv1.ApplyRotaRequest) (*recorded, error) {
	published, err := rota.Parse(cmp.Or(r.FileName, "rota.yaml"), r.File)
	if err != nil {
		return nil, fileInvalid(err)
	}
	if handover.LineName(published.Line()) != r.Line {
		return nil, rpc.Invalid("file", "it is the rota of "+published.Line()+"; apply it to that line")
	}
	return s.change(ctx, r, func(state *lines.State) ([]proto.Message, error) {
		return publishRota(state, string(r.File)), nil
	})
}

// publishRota says what happens when a file is published: nothing where it is the
// newest already, so that its changes stay.
func publishRota(state *lines.State, file string) []proto.Message {
	if state.GetRota().GetFile() == file {
		return nil
	}
	return []proto.Message{&eventv1.RotaPublished{File: file}}
}

// fileInvalid refuses a file for its mistakes, which tell their places.
func fileInvalid(mistakes error) error {
	return &handover.Refusal{
		Reason:   handoverv1.RefusalReason_REFUSAL_REASON_FILE_INVALID,
		Message:  mistakes.Error(),
		Metadata: map[string]string{"field": "file"},
	}
}

// ChangeRota changes a rota.
func (s *Service) ChangeRota(ctx context.Context, r *routingv1.ChangeRotaRequest) (*recorded, error) {
	now := timestamppb.New(s.host.Clock.Now())
	return s.change(ctx, r, func(state *lines.State) ([]proto.Message, error) {
		if state.Rota == nil {
			return nil, noRota(r.Line)
		}
		made := &eventv1.RotaChanged{}
		for _, c := range r.Changes {
			c = proto.CloneOf(c)
			c.RecordTime = now
			made.Changes = append(made.Changes, c)
		}
		if err := mayBeMade(state.Rota, made.Changes); err != nil {
			return nil, err
		}
		return []proto.Message{made}, nil
	})
}

// mayBeMade refuses changes of a rota that cannot be made.
func mayBeMade(of *handoverv1.Rota, changes []*handoverv1.RotaChange) error {
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
	return &handover.Refusal{
		Reason:  handoverv1.RefusalReason_REFUSAL_REASON_ROTA_REFUSED,
		Message: refused.Message,
		Metadata: map[string]string{
			"field": fmt.Sprintf("changes[%d]", refused.Index), "why": string(refused.Reason),
		},
	}
}

func noRota(line string) error {
	return &handover.Refusal{
		Reason:   handoverv1.RefusalReason_REFUSAL_REASON_ROTA_MISSING,
		Message:  line + " has no rota; apply one first",
		Metadata: map[string]string{"line": strings.TrimPrefix(line, "lines/")},
	}
}

// GetRota returns a rota and some of its shifts.
func (s *Service) GetRota(ctx context.Context, r *routingv1.GetRotaRequest) (*routingv1.GetRotaResponse, error) {
	if err := s.host.Await(ctx, s.model, r.MinPosition); err != nil {
		return nil, err
	}
	id := strings.TrimPrefix(r.Line, "lines/")
	if _, err := s.known(id); err != nil {
		return nil, err
	}
	state, err := s.lineState(id)
	if err != nil {
		return nil, err
	}
	if state.Rota == nil {
		return nil, noRota(r.Line)
	}
	from, until, err := s.stretch(r)
	if err != nil {
		return nil, err
	}
	staffing, err := rota.Of(state.Rota)
	if err != nil {
		return nil, err
	}
	response := &routingv1.GetRotaResponse{Rota: state.Rota}
	for _, shift := range staffing.Parts(from, until) {
		response.Shifts = append(response.Shifts, staffing.Proto(shift))
	}
	return response, nil
}

// stretch is the time that is asked about.
func (s *Service) stretch(r *routingv1.GetRotaRequest) (from, until time.Time, err error) {
	from = s.host.Clock.Now()
	if r.StartTime != nil {
		from = r.StartTime.AsTime()
	}
	until = from.Add(shiftsAhead)
	if r.EndTime != nil {
		until = r.EndTime.AsTime()
	}
	switch {
	case !until.After(from):
		err = rpc.Invalid("end_time", "it must lie after start_time")
	case until.After(from.Add(furthestShifts)):
		err = rpc.Invalid("end_time", fmt.Sprintf("it lies more than %d days after start_time; ask in parts", furthestShifts/(24*time.Hour)))
	}
	return from, until, err
}
