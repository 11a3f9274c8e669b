package routing

import (
	"context"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/livedirectory"
	"github.com/stafett/stafett/services/internal/rpc"
)

type recorded = handoverv1.Recorded

// onLine is a command about one line.
type onLine interface {
	rpc.Command
	GetLine() string
}

// change executes a command on a line, for the line itself or an operator.
func (s *Service) change(ctx context.Context, r onLine, decide lines.Decide) (*recorded, error) {
	id := handover.LineID(r.GetLine())
	if err := mayChange(ctx, r.GetLine()); err != nil {
		return nil, err
	}
	call, err := rpc.Call(ctx, id, r)
	if err != nil {
		return nil, err
	}
	if _, err := s.known(id); err != nil {
		return nil, err
	}
	return s.lines.Do(ctx, call, decide).Answer()
}

// known reads a line, and refuses one that is not in the directory.
func (s *Service) known(id string) (line *handoverv1.Line, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		line, err = lines.Get(tx, id)
		return err
	})
	return line, err
}

// lineState is a line's state as this service knows it.
func (s *Service) lineState(id string) (*lines.State, error) { return lines.Read(s.model.View, id) }

func (s *Service) directory() (all *directory.Directory, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		all, err = s.cache.Directory(tx, s.deps.Clock.Now())
		return err
	})
	return all, err
}

// directoryFor is the directory as a command on a conversation may use it.
func (s *Service) directoryFor(conversation string) (made handover.Directory, err error) {
	now := s.deps.Clock.Now()
	err = s.model.View(func(tx *bbolt.Tx) error {
		all, err := s.cache.For(tx, handover.ConversationName(conversation), now)
		if err == nil {
			made = livedirectory.ForCommands(all, s.deps.Topics.Version(), now)
		}
		return err
	})
	return made, err
}

// isAnother reports whether the caller is a line other than the named one.
func isAnother(ctx context.Context, line string) bool {
	caller := rpc.Caller(ctx)
	return caller.Kind == identity.Line && handover.LineName(caller.ID) != line
}

// mayChange refuses a line that would change another.
func mayChange(ctx context.Context, line string) error {
	if !isAnother(ctx, line) {
		return nil
	}
	return refusal.LineNotYours(rpc.Caller(ctx).ID+" cannot change "+line+"; a line changes only itself",
		"line", handover.LineID(line))
}
