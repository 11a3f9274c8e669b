package routing

import (
	"context"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
)

// advance processes the deadlines of one conversation that have passed.
func (s *Service) advance(ctx context.Context, id string) error {
	again := s.rechecks.take(id, s.deps.Clock.Now())
	call := aggregate.Call{Target: id, Caller: s.deps.Identity, Command: "Advance"}
	_, err := s.conversations.DoEach(ctx, call, func() (decide.Command, error) {
		all, err := s.directoryFor(id)
		return deadline.Advance{Rank: all.Rank, Skip: all.Skip, Shut: all.Shut, Keeps: all.Keeps, Door: all.Door}, err
	})
	s.model.Hurry() // watches wait for what was done
	if err == nil && again {
		err = s.planRecheck(ctx, id)
	}
	if err != nil {
		if ctx.Err() == nil {
			s.deps.Logger.Error("deadline processing failed; retrying", "conversation", id, "error", err)
		}
		if again {
			s.rechecks.add(id, deadline.AtOnce)
		}
		return err
	}
	return s.setTimer(ctx, id)
}

// planRecheck plans the next comparison for when the first of the asked lines, or the line at whose door the
// child waits, will close, or a closed door will open, as far as is known.
func (s *Service) planRecheck(ctx context.Context, id string) error {
	state, err := s.conversations.State(ctx, id)
	if err != nil {
		return err
	}
	all, err := s.directory()
	if err != nil {
		return err
	}
	c, now := handover.Of(state.Conversation), s.deps.Clock.Now()
	if k := c.OpenConsultation(); k.Exists() && !k.Accepted() {
		for channel := range handoverv1.Channel_name {
			if until, closes := all.OpenUntil(k.Line, handoverv1.Channel(channel), now); channel != 0 && closes {
				s.rechecks.add(id, until)
			}
		}
	}
	if c.Waiting() {
		next := all.OpenUntil
		if c.ClosedDoor != nil {
			next = all.NextOpen
		}
		if at, known := next(c.Custody.Line, c.Channel, now); known && at.After(now) {
			s.rechecks.add(id, at)
		}
	}
	h := c.Current()
	if h.Owed().Exists() && h.State == handover.Offered { // a reservation that lapses changes nothing in the log
		s.rechecks.add(id, now.Add(s.deps.Rules.Lease))
	}
	for o := range h.Offers() {
		if !o.Open() {
			continue
		}
		if until, closes := all.OpenUntil(o.Line, h.Header.GetChannel(), now); closes {
			s.rechecks.add(id, until)
		}
	}
	return nil
}

// setTimer sets the timer of the next deadline. The commit usually has done so already, but not for a
// recheck that was planned without one.
func (s *Service) setTimer(ctx context.Context, id string) error {
	state, err := s.conversations.State(ctx, id)
	if err != nil {
		return err
	}
	due, waiting := deadline.Due(state.Conversation)
	if next, waiting := s.rechecks.earlier(id, due, waiting); waiting && next.After(s.deps.Clock.Now()) {
		s.timers.Set(id, next)
	}
	return nil
}
