package routing

import (
	"context"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/livedirectory"
	"github.com/stafett/stafett/services/internal/seats"
)

// preempt withdraws the offer whose seat was reserved for a child in imminent danger. If a person has accepted it
// first, there is no seat. The withdrawal comes before the offer that needs the seat, so the two never ring at the
// same one; if this process ends in between, the reservation lapses and the next decision begins again.
func (r *reservations) preempt(ctx context.Context, offer string) aggregate.Outcome {
	name, err := handover.ParseName(offer)
	if err != nil {
		return aggregate.Outcome{Result: aggregate.Failed, Err: err}
	}
	call := aggregate.Call{Target: name.Conversation, Caller: r.identity, Command: "Preempt"}
	if _, err := r.others.Do(ctx, call, deadline.Preempt{Handover: name.Handover, Offer: name.Offer}); err != nil {
		return aggregate.Outcome{Result: aggregate.Failed, Err: err}
	}
	state, err := r.others.State(ctx, name.Conversation)
	if err != nil {
		return aggregate.Outcome{Result: aggregate.Failed, Err: err}
	}
	if o := handover.Of(state.Conversation).Offer(name.Handover, name.Offer); o.Lease {
		return aggregate.Outcome{Result: aggregate.Contended, Err: livedirectory.NoSeat{Reason: handoverv1.PassReason_PASS_REASON_NO_SEAT}}
	}
	return aggregate.Outcome{Result: aggregate.NothingToDo}
}

// followSeats plans rechecks of the handovers that wait for the next seat of a line whose seats an entry may have
// freed.
func (r *rechecks) followSeats(tx *bbolt.Tx, entry eventlog.Entry, state *handover.State) {
	changed := map[string]bool{}
	if line := entry.Line(); line != "" {
		changed[line] = true
	}
	if state != nil {
		for _, e := range entry.Commit.Events {
			for o := range handover.Of(state.Conversation).Handover(event.Handover(event.What(e))).Offers() {
				changed[o.Line] = true
			}
		}
	}
	for line := range changed {
		r.addAll(seats.Owed(tx, line))
	}
}

// addAll plans rechecks of handovers at once.
func (r *rechecks) addAll(handovers []string) {
	for _, one := range handovers {
		if name, err := handover.ParseName(one); err == nil {
			r.add(name.Conversation, deadline.AtOnce)
		}
	}
}
