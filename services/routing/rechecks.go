package routing

import (
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
)

// rechecks are the conversations whose open offers, promised times and doors must be compared with the
// directory, and when, because a line has changed. The deadlines of a conversation do not show that.
type rechecks struct {
	mu    sync.Mutex
	at    map[string]time.Time
	fresh []string // added since the last call of added
}

func newRechecks() *rechecks { return &rechecks{at: map[string]time.Time{}} }

// add plans a recheck, unless an earlier one is planned.
func (r *rechecks) add(id string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if planned, known := r.at[id]; !known || at.Before(planned) {
		r.at[id] = at
		r.fresh = append(r.fresh, id)
	}
}

// forget drops what was planned while the projection was brought up to date: most of those conversations have
// ended since.
func (r *rechecks) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.at)
	r.fresh = nil
}

// added returns the conversations whose rechecks were planned since the last call.
func (r *rechecks) added() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := r.fresh
	r.fresh = nil
	return fresh
}

// take removes a planned recheck whose time has come, and reports whether there was one.
func (r *rechecks) take(id string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	planned, known := r.at[id]
	due := known && !planned.After(now)
	if due {
		delete(r.at, id)
	}
	return due
}

// earlier returns the deadline or the planned recheck, whichever comes first.
func (r *rechecks) earlier(id string, due time.Time, waiting bool) (time.Time, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	planned, known := r.at[id]
	if known && (!waiting || planned.Before(due)) {
		return planned, true
	}
	return due, waiting
}

// follow plans rechecks after an entry: of all that a changed line is asked about, was promised for or whose
// door it is, of children who come to a door, and of what is offered to a line that changed after the handover began.
func (r *rechecks) follow(tx *bbolt.Tx, entry eventlog.Entry, state *handover.State) error {
	if line := entry.Line(); line != "" && lines.ChangesAvailability(entry) {
		for _, id := range slices.Concat(openOffers(tx, line), openConsultations(tx, line), promises(tx, line), waitingAt(tx, line)) {
			r.add(id, deadline.AtOnce)
		}
	}
	for _, e := range entry.Commit.Events {
		if e.GetHandoverDeferred() != nil || e.GetConsultationAsked() != nil || comesToDoor(e, state) { // the line may have closed while it was decided
			r.add(entry.Conversation(), deadline.AtOnce)
		}
		sent := e.GetOfferSent()
		if sent == nil {
			continue
		}
		line, err := lines.StateOf(tx, sent.Line)
		if err != nil {
			return err
		}
		began := handover.Of(state.Conversation).Handover(sent.Handover).GetCreateTime().AsTime()
		if changed := line.AvailabilityTime; changed != nil && !changed.AsTime().Before(began) {
			r.add(entry.Conversation(), deadline.AtOnce)
		}
	}
	r.followSeats(tx, entry, state)
	return nil
}
