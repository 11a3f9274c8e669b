package routing

import (
	"context"
	"errors"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/conversations"
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
	// others are the conversations, to withdraw an offer whose seat a child in imminent danger needs.
	others *conversations.Repository
	// locks of the lines, so that a second request does not lose to the log's condition. Those
	// that wait for a line's lock are reserved together by whoever gets it.
	locks   locks
	waiting waiting
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
		wanted := livedirectory.Wanted{Line: sent.Line, Offer: handover.OfferName(h.Name, sent.Offer), Header: h.Header, Overfull: overfull(h, decision, sent.Line)}
		if outcome := r.seat(ctx, wanted); !outcome.Held() {
			return outcome
		}
	}
	return aggregate.Outcome{Result: aggregate.NothingToDo}
}

// overfull reports whether a line is asked although it may have no seat, as ranked before or by the decision itself.
func overfull(h handover.Handover, decision decide.Decision, line string) bool {
	for _, e := range decision.Events {
		if routed := e.GetHandoverRouted(); routed != nil {
			h = handover.Handover{Handover: &statev1.Handover{Routing: routed.Decision}}
		}
	}
	return h.Overfull(line)
}

// seat reserves one seat. If there is none, it waits until the directory reflects that.
func (r *reservations) seat(ctx context.Context, wanted livedirectory.Wanted) aggregate.Outcome {
	one := r.try(ctx, wanted)
	outcome := one.outcome
	if outcome.Held() && one.preempts != "" {
		outcome = r.preempt(ctx, one.preempts)
	}
	if !errors.As(outcome.Err, new(livedirectory.NoSeat)) {
		return outcome
	}
	if err := r.model.CatchUp(ctx, 0); err != nil {
		return aggregate.Outcome{Result: aggregate.Failed, Err: err}
	}
	return aggregate.Outcome{Result: aggregate.Contended, Err: outcome.Err}
}

// try reserves a seat, with those that wait for the same line. If its context ends first, the seat
// may be reserved all the same, and lapses.
func (r *reservations) try(ctx context.Context, wanted livedirectory.Wanted) *reservation {
	one := r.waiting.add(wanted)
	unlock, err := r.locks.lock(ctx, wanted.Line)
	if err != nil {
		return &reservation{outcome: aggregate.Outcome{Result: aggregate.Failed, Err: err}}
	}
	defer unlock()
	if one.outcome.Result == 0 {
		r.together(ctx, r.waiting.take(one))
	}
	return one
}

// together reserves seats of one line with one commit.
func (r *reservations) together(ctx context.Context, group []*reservation) {
	call := aggregate.Call{Target: group[0].wanted.Line, Caller: r.identity, Command: "SetSeatAside"}
	outcome := r.lines.Try(ctx, call, func(newest *lines.State, now time.Time) (leased []proto.Message, err error) {
		err = r.model.View(func(tx *bbolt.Tx) error {
			leased, err = r.decide(tx, proto.CloneOf(newest), group, now)
			return err
		})
		return leased, err
	})
	for _, one := range group {
		if one.outcome = outcome; one.refused != nil {
			one.outcome = aggregate.Outcome{Result: aggregate.Refused, Err: one.refused}
		}
	}
}

// decide decides on one seat after another, each on what the ones before it have left. Whoever
// gets none does not keep the others from theirs.
func (r *reservations) decide(tx *bbolt.Tx, newest *lines.State, group []*reservation, now time.Time) (events []proto.Message, err error) {
	ended := map[string]bool{}
	for _, one := range group {
		leased, err := r.cache.Reserve(tx, newest, one.wanted, now)
		switch {
		case errors.As(err, new(livedirectory.NoSeat)):
			one.refused = err
		case err != nil:
			return nil, err
		case leased != nil:
			leased.Ended = newlyEnded(leased.Ended, ended)
			lines.Lease(newest, leased, timestamppb.New(now))
			events = append(events, leased)
		}
		one.preempts = livedirectory.PreemptedFor(newest, one.wanted.Offer)
	}
	return events, nil
}

// mostEnded is how many reservations end with one commit, so that it fits into a message. Later
// commits end the others, which no longer count by then.
const mostEnded = 256

// newlyEnded are those of some offers that the commit does not end yet, as far as they fit.
func newlyEnded(offers []string, ended map[string]bool) (newly []string) {
	for _, offer := range offers {
		if !ended[offer] && len(ended) < mostEnded {
			ended[offer] = true
			newly = append(newly, offer)
		}
	}
	return newly
}
