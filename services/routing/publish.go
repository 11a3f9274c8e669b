package routing

import (
	"context"
	"strings"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/lines"
)

// publish records a line's facts unless the log has them already.
func (s *Service) publish(ctx context.Context, line *handoverv1.Line) error {
	id := strings.TrimPrefix(line.Name, "lines/")
	state, err := s.lineState(id)
	if err != nil {
		return err
	}
	return lines.Append(ctx, s.host.Log, state, lines.Change{
		Line: id, Caller: s.host.Identity, Command: "PublishLine", At: s.host.Clock.Now(),
		Decide: func(now *lines.State) (proto.Message, error) {
			if proto.Equal(now.Line, line) {
				return nil, nil
			}
			return &eventv1.LinePublished{Line: line}, nil
		},
	})
}

// lineState is a line as this service knows it.
func (s *Service) lineState(id string) (state *lines.State, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		state, err = lines.StateOf(tx, id)
		return err
	})
	return state, err
}
