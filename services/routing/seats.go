package routing

import (
	"context"
	"errors"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/livedirectory"
	"github.com/stafett/stafett/services/internal/projection"
)

// reservations reserves the seats that offers need.
type reservations struct {
	identity string
	model    *projection.Model
	cache    *livedirectory.Cache
	lines    *lines.Repository
	// locks of the lines, so that a second request does not lose to the log's condition.
	locks locks
}

// reserve reserves a seat for each offer that a decision sends, before it is committed. If a
// line can no longer take anyone, the result is contended, and the next decision takes that
// into account. If this process ends before the offer is sent, the reservation lapses after a
// while.
func (r *reservations) reserve(ctx context.Context, state *handover.State, decision decide.Decision) aggregate.Outcome {
	for _, e := range decision.Events {
		sent := e.GetOfferSent()
		h := handover.Of(state.Conversation).Handover(sent.GetHandover())
		if sent == nil || !directory.HasSeats(h.GetHeader().GetChannel()) {
			continue
		}
		wanted := livedirectory.Wanted{Line: sent.Line, Offer: handover.OfferName(h.Name, sent.Offer), Header: h.Header}
		if outcome := r.seat(ctx, wanted); !outcome.Held() {
			return outcome
		}
	}
	return aggregate.Outcome{Result: aggregate.NothingToDo}
}

// seat reserves one seat. If there is none, it waits until the directory reflects that.
func (r *reservations) seat(ctx context.Context, wanted livedirectory.Wanted) aggregate.Outcome {
	outcome := r.try(ctx, wanted)
	if !errors.As(outcome.Err, new(livedirectory.NoSeat)) {
		return outcome
	}
	if err := r.model.CatchUp(ctx, 0); err != nil {
		return aggregate.Outcome{Result: aggregate.Failed, Err: err}
	}
	return aggregate.Outcome{Result: aggregate.Contended, Err: outcome.Err}
}

func (r *reservations) try(ctx context.Context, wanted livedirectory.Wanted) aggregate.Outcome {
	unlock, err := r.locks.lock(ctx, wanted.Line)
	if err != nil {
		return aggregate.Outcome{Result: aggregate.Failed, Err: err}
	}
	defer unlock()
	call := aggregate.Call{Target: wanted.Line, Caller: r.identity, Command: "SetSeatAside"}
	return r.lines.Try(ctx, call, func(newest *lines.State, now time.Time) ([]proto.Message, error) {
		leased, err := r.decide(newest, wanted, now)
		if leased == nil || err != nil {
			return nil, err
		}
		return []proto.Message{leased}, nil
	})
}

func (r *reservations) decide(newest *lines.State, wanted livedirectory.Wanted, now time.Time) (leased *eventv1.SeatLeased, err error) {
	err = r.model.View(func(tx *bbolt.Tx) error {
		leased, err = r.cache.Reserve(tx, newest, wanted, now)
		return err
	})
	return leased, err
}
