package routing

import (
	"context"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/conversations"
)

// advance does what is due of one conversation.
func (s *Service) advance(ctx context.Context, id string) error {
	call := conversations.Call{Conversation: id, Caller: s.host.Identity, Command: "Advance"}
	_, err := s.ask(ctx, id, func(all *directory.Directory) (*recorded, error) {
		return s.commander.Do(ctx, call, handover.Advance{Rank: s.ranker(all), Pass: s.pass(all)})
	})
	if err != nil {
		if ctx.Err() == nil {
			s.host.Logger.Error("what is due could not be done and is tried again", "conversation", id, "error", err)
		}
		return err
	}
	return s.setAgain(id)
}

// setAgain sets the wheel to what is due next. It usually is already, by what
// was appended; but not where the clock was set back and nothing was done.
func (s *Service) setAgain(id string) error {
	state, err := s.commander.State(id)
	if err != nil {
		return err
	}
	if due, waiting := handover.Due(state.Conversation); waiting && due.After(s.host.Clock.Now()) {
		s.timers.Set(id, due)
	}
	return nil
}

func (s *Service) directory() (all *directory.Directory, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		all, err = s.lines.Directory(tx, s.host.Clock.Now())
		return err
	})
	return all, err
}

// ranker ranks the lines for a conversation's newest handover.
func (s *Service) ranker(all *directory.Directory) func(*handoverv1.Conversation) *handoverv1.RoutingDecision {
	now := s.host.Clock.Now()
	return func(c *handoverv1.Conversation) *handoverv1.RoutingDecision {
		h := handover.Current(c)
		return all.Rank(directory.Need{
			Header: h.Header, Topics: c.Assessment.GetTags(), FromLine: h.FromLine,
			Asked: handover.AskedBefore(c), Named: h.Candidates,
		}, now)
	}
}
