package aggregate_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

var (
	errContended = errors.New("contended")
	errRefused   = errors.New("refused")
	errNoSeat    = errors.New("the seat is gone")
)

// head is the smallest state: where the subject ends.
type head = statev1.LineState

// repository knows only what it has read from the log.
func repository(log *eventlog.Log) *aggregate.Repository[*head] {
	return aggregate.New(log, clockwork.NewRealClock(), aggregate.Kind[*head]{
		Subject: eventlog.LineSubject,
		Load:    func(context.Context, string) (*head, []eventlog.Entry, error) { return &head{}, nil, nil },
		CatchUp: func(ctx context.Context, id string, h *head) ([]eventlog.Entry, error) {
			tail, err := log.Tail(ctx, eventlog.LineSubject(id), h.HeadPosition)
			for _, entry := range tail {
				h.HeadPosition, h.HeadHash, h.Commits = entry.Position, entry.Hash[:], entry.Commit.Number
			}
			return tail, err
		},
		Contended: func(string) error { return errContended },
	})
}

var call = aggregate.Call{Target: "brus", Command: "Test"}

func reopened() aggregate.Decision {
	return aggregate.Decision{Name: "lines/brus", Events: []*eventv1.Event{event.Of(&eventv1.LineReopened{})}}
}

func commits(t *testing.T, log *eventlog.Log) int {
	t.Helper()
	tail, err := log.Tail(logtest.Context(t), eventlog.LineSubject("brus"), 0)
	if err != nil {
		t.Fatal(err)
	}
	return len(tail)
}

// TestAReservationIsPartOfThePlan: after a lost reservation the plan decides again within its
// one bound, and commits nothing without what it needs.
func TestAReservationIsPartOfThePlan(t *testing.T) {
	for lost, want := range map[int]aggregate.Result{
		0: aggregate.Committed, 3: aggregate.Committed, aggregate.Attempts - 1: aggregate.Committed, aggregate.Attempts: aggregate.Contended,
	} {
		log := logtest.New(t, "routing")
		decided, left := 0, lost
		outcome := repository(log).Do(logtest.Context(t), call, func(*head, time.Time) (aggregate.Decision, error) {
			decided++
			decision := reopened()
			decision.Reserve = func(context.Context) aggregate.Outcome {
				if left--; left >= 0 {
					return aggregate.Outcome{Result: aggregate.Contended, Err: errNoSeat}
				}
				return aggregate.Outcome{Result: aggregate.NothingToDo}
			}
			return decision, nil
		})
		committed := want == aggregate.Committed
		if outcome.Result != want || decided != min(lost+1, aggregate.Attempts) || (commits(t, log) == 1) != committed {
			t.Errorf("lost %d times: %+v after %d decisions with %d commits", lost, outcome, decided, commits(t, log))
		}
		if !committed && !errors.Is(outcome.Err, errContended) {
			t.Errorf("lost %d times: %v", lost, outcome.Err)
		}
	}
}

// TestAReservationThatFails ends the plan at once.
func TestAReservationThatFails(t *testing.T) {
	log, decided := logtest.New(t, "routing"), 0
	outcome := repository(log).Do(logtest.Context(t), call, func(*head, time.Time) (aggregate.Decision, error) {
		decided++
		decision := reopened()
		decision.Reserve = func(context.Context) aggregate.Outcome {
			return aggregate.Outcome{Result: aggregate.Failed, Err: errNoSeat}
		}
		return decision, nil
	})
	if outcome.Result != aggregate.Failed || !errors.Is(outcome.Err, errNoSeat) || decided != 1 || commits(t, log) != 0 {
		t.Errorf("%+v after %d decisions", outcome, decided)
	}
}

// TestARefusalIsOfTheNewestState: no command is refused on a state that the log has moved
// past.
func TestARefusalIsOfTheNewestState(t *testing.T) {
	log := logtest.New(t, "routing")
	must := func(want aggregate.Result, outcome aggregate.Outcome) {
		t.Helper()
		if outcome.Result != want {
			t.Errorf("%+v, want %d", outcome, want)
		}
	}
	refusing := func(h *head, _ time.Time) (aggregate.Decision, error) {
		if h.Commits == 0 {
			return aggregate.Decision{}, errRefused
		}
		return reopened(), nil
	}
	must(aggregate.Refused, repository(log).Do(logtest.Context(t), call, refusing))
	must(aggregate.Committed, repository(log).Do(logtest.Context(t), call, func(*head, time.Time) (aggregate.Decision, error) { return reopened(), nil }))
	must(aggregate.Committed, repository(log).Do(logtest.Context(t), call, refusing))
	nothing := repository(log).Do(logtest.Context(t), call, func(*head, time.Time) (aggregate.Decision, error) {
		return aggregate.Decision{Name: "lines/brus"}, nil
	})
	must(aggregate.NothingToDo, nothing)
	if nothing.Recorded.Position != 2 {
		t.Errorf("nothing to do at position %d, want that of the newest state", nothing.Recorded.Position)
	}
}

// TestTryMakesOneAttempt and leaves the bound to its caller's loop.
func TestTryMakesOneAttempt(t *testing.T) {
	log, decided := logtest.New(t, "routing"), 0
	again := func(*head, time.Time) (aggregate.Decision, error) { decided++; return reopened(), nil }
	if first := repository(log).Try(logtest.Context(t), call, again); first.Result != aggregate.Committed {
		t.Errorf("%+v, want it committed", first)
	}
	second := repository(log).Try(logtest.Context(t), call, again)
	if second.Result != aggregate.Contended || !errors.Is(second.Err, eventlog.ErrConflict) || decided != 2 {
		t.Errorf("%+v after %d decisions, want it contended after one more", second, decided)
	}
}
