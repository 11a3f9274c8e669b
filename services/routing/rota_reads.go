package routing

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/rota"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/lines"
)

const (
	// shiftsAhead is how far GetRota looks by default, and furthestShifts the maximum.
	shiftsAhead    = 14 * 24 * time.Hour
	furthestShifts = 366 * 24 * time.Hour
)

// GetRota returns a rota and some of its shifts. Other lines get the shifts only.
func (s *Service) GetRota(ctx context.Context, r *routingv1.GetRotaRequest) (*routingv1.Rota, error) {
	line := handover.LineName(lineOf(r.Name, "/rota"))
	if err := s.model.Await(ctx, r.MinPosition); err != nil {
		return nil, err
	}
	state, staffing, err := s.rota(line)
	if err != nil {
		return nil, err
	}
	from, until, err := s.stretch(r)
	if err != nil {
		return nil, err
	}
	response := &routingv1.Rota{Name: r.Name}
	if !isAnother(ctx, line) {
		response.File, response.Changes = state.Rota.File, state.Rota.Changes
	}
	for _, shift := range staffing.Parts(from, until) {
		response.Shifts = append(response.Shifts, shiftFor(ctx, line, staffing, shift))
	}
	return response, nil
}

// lineOf is the id of the line that a part of it, such as its rota, is named after.
func lineOf(name, part string) string {
	return strings.TrimSuffix(handover.LineID(name), part)
}

// rota reads the rota of a line.
func (s *Service) rota(line string) (*lines.State, *rota.Rota, error) {
	id := handover.LineID(line)
	if _, err := s.known(id); err != nil {
		return nil, nil, err
	}
	state, err := s.lineState(id)
	if err != nil {
		return nil, nil, err
	}
	if state.Rota == nil {
		return nil, nil, noRota(line)
	}
	staffing, err := rota.Of(state.Rota)
	return state, staffing, err
}

// shiftFor is a shift as the caller may see it. Why a unit has it, and who was meant to,
// reveals people's absences, which other lines do not need to know.
func shiftFor(ctx context.Context, line string, staffing *rota.Rota, shift rota.Shift) *handoverv1.Shift {
	told := staffing.Proto(shift)
	if isAnother(ctx, line) {
		told.Reason, told.InsteadOf = handoverv1.ShiftReason_SHIFT_REASON_UNSPECIFIED, ""
	}
	return told
}

// stretch is the requested period.
func (s *Service) stretch(r *routingv1.GetRotaRequest) (from, until time.Time, err error) {
	from = s.deps.Clock.Now()
	if r.StartTime != nil {
		from = r.StartTime.AsTime()
	}
	until = from.Add(shiftsAhead)
	if r.EndTime != nil {
		until = r.EndTime.AsTime()
	}
	switch {
	case !until.After(from):
		err = refusal.Field("end_time", "it must be after start_time")
	case until.After(from.Add(furthestShifts)):
		err = refusal.Field("end_time", fmt.Sprintf("it is more than %d days after start_time; request shorter periods", furthestShifts/(24*time.Hour)))
	}
	return from, until, err
}
