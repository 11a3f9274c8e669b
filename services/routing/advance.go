package routing

import (
	"context"

	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/services/internal/aggregate"
)

// advance processes the deadlines of one conversation that have passed.
func (s *Service) advance(ctx context.Context, id string) error {
	call := aggregate.Call{Target: id, Caller: s.deps.Identity, Command: "Advance"}
	_, err := s.conversations.DoEach(ctx, call, func() (decide.Command, error) {
		all, err := s.directoryFor(id)
		return deadline.Advance{Rank: all.Rank, Skip: all.Skip}, err
	})
	if err != nil {
		if ctx.Err() == nil {
			s.deps.Logger.Error("deadline processing failed; retrying", "conversation", id, "error", err)
		}
		return err
	}
	return s.setTimer(id)
}

// setTimer sets the timer of the next deadline. The commit usually has done so
// already, but not where the clock was set back and nothing was committed.
func (s *Service) setTimer(id string) error {
	state, err := s.conversations.State(id)
	if err != nil {
		return err
	}
	if due, waiting := deadline.Due(state.Conversation); waiting && due.After(s.deps.Clock.Now()) {
		s.timers.Set(id, due)
	}
	return nil
}
