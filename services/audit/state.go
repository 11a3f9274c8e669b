package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/refusal"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
)

// GetState projects the history of one conversation or line up to a position or an instant.
func (s *Service) GetState(ctx context.Context, r *auditv1.GetStateRequest) (*auditv1.GetStateResponse, error) {
	if err := s.model.CatchUp(ctx, r.GetPosition()); err != nil {
		return nil, err
	}
	if err := s.known(r.Name); err != nil {
		return nil, err
	}
	if r.GetTime() != nil {
		if err := s.come(r.GetTime()); err != nil {
			return nil, err
		}
	}
	entries, err := s.until(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := s.recorded(ctx, s.proved, r.Purpose, reading(r)); err != nil {
		return nil, err
	}
	return s.state(r.Name, entries)
}

func reading(r *auditv1.GetStateRequest) *eventv1.Reading {
	asked := &eventv1.Reading{UntilPosition: r.GetPosition(), EndTime: r.GetTime()}
	if strings.HasPrefix(r.Name, "lines/") {
		asked.Line = r.Name
	} else {
		asked.Conversation = r.Name
	}
	return asked
}

// errPast ends the reading of commits at the first that is past what was requested.
var errPast = errors.New("past what was requested")

// until reads the commits that made the requested state.
func (s *Service) until(ctx context.Context, r *auditv1.GetStateRequest) (entries []eventlog.Entry, err error) {
	var positions []uint64
	err = s.model.View(func(tx *bbolt.Tx) error {
		subject := subjectOf(r.Name)
		for position := subject.from(tx, 0); position > 0; position = subject.from(tx, position+1) {
			positions = append(positions, position)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, runs(positions), func(read stored) error {
		if past(r, read.Entry) {
			return cmp.Or(began(r, entries, read.Entry), errPast)
		}
		entries = append(entries, read.Entry)
		return nil
	})
	if errors.Is(err, errPast) {
		err = nil
	}
	return entries, err
}

// past reports whether a commit came after the requested position or instant.
func past(r *auditv1.GetStateRequest, entry eventlog.Entry) bool {
	if r.GetPosition() > 0 {
		return entry.Position > r.GetPosition()
	}
	return r.GetTime() != nil && entry.Commit.RecordTime.AsTime().After(r.GetTime().AsTime())
}

// began refuses a position or an instant before the first commit.
func began(r *auditv1.GetStateRequest, entries []eventlog.Entry, first eventlog.Entry) error {
	switch {
	case len(entries) > 0:
		return nil
	case r.GetTime() != nil:
		return beforeStart(r.Name, r.GetTime().AsTime(), first.Commit.RecordTime.AsTime())
	}
	return refusal.BeforeStart(fmt.Sprintf("%s begins at position %d; ask for that one or a later one", r.Name, first.Position),
		"start_time", first.Commit.RecordTime.AsTime().Format(time.RFC3339Nano), "position", fmt.Sprint(first.Position))
}

// state projects commits as every service does.
func (s *Service) state(name string, entries []eventlog.Entry) (*auditv1.GetStateResponse, error) {
	response := &auditv1.GetStateResponse{
		RecordTime: entries[len(entries)-1].Commit.RecordTime, LogPosition: s.model.Position(),
	}
	if strings.HasPrefix(name, "lines/") {
		line, err := lines.Rebuild(entries)
		response.State = &auditv1.GetStateResponse_Line{Line: line}
		return response, err
	}
	state, err := conversations.Rebuild(entries)
	response.State = &auditv1.GetStateResponse_Conversation{Conversation: state}
	return response, err
}
