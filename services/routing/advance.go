package routing

import (
	"context"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
)

// advance processes the deadlines of one conversation that have passed.
func (s *Service) advance(ctx context.Context, id string) error {
	call := aggregate.Call{Target: id, Caller: s.deps.Identity, Command: "Advance"}
	_, err := s.conversations.DoEach(ctx, call, func() (handover.Command, error) {
		all, err := s.directoryFor(id)
		now := s.deps.Clock.Now()
		return handover.Advance{Rank: ranker(all, now), Skip: skip(all, now)}, err
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
	if due, waiting := handover.Due(state.Conversation); waiting && due.After(s.deps.Clock.Now()) {
		s.timers.Set(id, due)
	}
	return nil
}

func (s *Service) directory() (all *directory.Directory, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		all, err = s.cache.Directory(tx, s.deps.Clock.Now())
		return err
	})
	return all, err
}

// ranker ranks the lines for a conversation's newest handover.
func ranker(all *directory.Directory, now time.Time) handover.Rank {
	return func(c *handoverv1.Conversation) *handoverv1.RoutingDecision {
		h := handover.Current(c)
		return all.Rank(directory.Need{
			Header: h.Header, Topics: c.Assessment.GetTags(), FromLine: h.FromLine,
			Asked: handover.AskedBefore(c), Named: h.Candidates,
		}, now)
	}
}
