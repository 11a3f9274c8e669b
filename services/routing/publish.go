package routing

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/rota"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/lines"
)

// Seed is what the service publishes at startup for lines that the log has nothing about.
// Changes applied since are newer than a file, and stay: a closed line must not open because a
// process started.
type Seed struct {
	Lines []*handoverv1.Line
	// Rotas are the contents of files.
	Rotas []string
	// Once: publish only into a log that has no lines yet.
	Once bool
	// Await is asked, if nothing may be committed yet, to wait until something may. Nil: nothing waits.
	Await func(context.Context) error
}

// publish waits, if nothing may be committed yet and there is something to publish.
func (s *Service) publish(ctx context.Context, seed Seed) error {
	err := s.publishAll(ctx, seed)
	if seed.Await == nil || refusal.ReasonOf(err) != handoverv1.RefusalReason_REFUSAL_REASON_NOT_READY {
		return err
	}
	if err := seed.Await(ctx); err != nil {
		return err
	}
	return s.publishAll(ctx, seed)
}

func (s *Service) publishAll(ctx context.Context, seed Seed) error {
	all, err := s.directory()
	if err != nil {
		return err
	}
	if seed.Once && len(all.Lines()) > 0 {
		return nil
	}
	for _, line := range seed.Lines {
		if err := s.publishLine(ctx, line); err != nil {
			return err
		}
	}
	for _, file := range seed.Rotas {
		if err := s.publishFile(ctx, file); err != nil {
			return err
		}
	}
	return nil
}

// publishLine publishes a line that was never published.
func (s *Service) publishLine(ctx context.Context, line *handoverv1.Line) error {
	return s.publishOne(ctx, directory.ID(line), func(now *lines.State) proto.Message {
		if now.FactsPosition > 0 {
			s.differs(now.Line, line)
			return nil
		}
		return &eventv1.LinePublished{Line: line}
	})
}

// publishFile publishes the rota of a line that has none.
func (s *Service) publishFile(ctx context.Context, text string) error {
	staffing, file, err := rota.Published("rota.yaml", []byte(text))
	if err != nil {
		return err
	}
	return s.publishOne(ctx, staffing.Line(), func(now *lines.State) proto.Message {
		if now.Rota != nil {
			return nil
		}
		return &eventv1.RotaPublished{File: file}
	})
}

// differs tells the operator that a file differs from what was applied.
func (s *Service) differs(applied, line *handoverv1.Line) {
	if !proto.Equal(applied, line) {
		s.deps.Logger.Warn("the lines file differs from what was applied, which stays in force; apply the file to change it", "line", directory.ID(line))
	}
}

// publishOne commits one event for a line, or none.
func (s *Service) publishOne(ctx context.Context, line string, happens func(*lines.State) proto.Message) error {
	call := aggregate.Call{Target: line, Caller: s.deps.Identity, Command: "PublishLine"}
	return s.lines.Do(ctx, call, func(now *lines.State, _ time.Time) ([]proto.Message, error) {
		if what := happens(now); what != nil {
			return []proto.Message{what}, nil
		}
		return nil, nil
	}).Err
}
