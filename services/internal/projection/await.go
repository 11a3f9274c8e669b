package projection

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/stafett/stafett/pkg/refusal"
)

// patience is how long a read waits for a position that the log has.
const patience = 3 * time.Second

// CatchUp waits until the projection includes everything that its log has now, so that a watch
// shows what was acknowledged before it began. It refuses a watch from a position beyond the
// end of the log, which would miss events.
func (m *Model) CatchUp(ctx context.Context, position uint64) error {
	last, err := m.log.Last(ctx)
	if err != nil {
		return err
	}
	return m.wait(ctx, max(last, position), last)
}

// Await waits until the projection includes a position, and refuses one beyond the end of the
// log.
func (m *Model) Await(ctx context.Context, position uint64) error {
	if m.Position() >= position {
		return nil
	}
	last, err := m.log.Last(ctx)
	if err != nil {
		return err
	}
	return m.wait(ctx, position, last)
}

// wait waits for a position of a log that ends at last.
func (m *Model) wait(ctx context.Context, position, last uint64) error {
	if position > last {
		return refusal.PositionInFuture(fmt.Sprintf("position %d is beyond the end of the log, which is at %d", position, last),
			"position", fmt.Sprint(position), "last", fmt.Sprint(last))
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := m.Wait(ctx, position); errors.Is(err, context.DeadlineExceeded) {
		return refusal.NotReady(fmt.Sprintf("the service has not reached position %d yet; ask again", position))
	}
	return ctx.Err()
}
