package lines

import (
	"context"
	"time"

	"github.com/jonboulle/clockwork"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Decide returns the events of a command on a line's state at an instant: none if everything
// already is as it should be. It is called again for every attempt.
type Decide func(s *State, now time.Time) ([]proto.Message, error)

// Repository executes commands on lines.
type Repository struct {
	log       *eventlog.Log
	known     Known
	aggregate *aggregate.Repository[*State]
}

// Known is what is known of lines without asking the log.
type Known struct {
	// State returns a line's state.
	State func(id string) (*State, error)
	// Receipt finds the receipt of a request among its commits. May be nil if there are none.
	Receipt func(subject string, requestID []byte) (*handover.Receipt, error)
}

// Nothing is known before anything was read.
func Nothing() Known {
	return Known{State: func(string) (*State, error) { return &State{}, nil }}
}

// NewRepository returns a repository.
func NewRepository(log *eventlog.Log, clock clockwork.Clock, known Known) *Repository {
	r := &Repository{log: log, known: known}
	r.aggregate = aggregate.New(log, clock, aggregate.Kind[*State]{
		Subject: eventlog.LineSubject, Load: r.newest, CatchUp: r.catchUp, Receipt: r.receipt, Contended: contended,
	})
	return r
}

// Do executes a command. Its Err is that of decide, a refusal if other writers kept winning,
// or eventlog.ErrUnknown.
func (r *Repository) Do(ctx context.Context, call aggregate.Call, decide Decide) aggregate.Outcome {
	return r.aggregate.Do(ctx, call, decision(call.Target, decide))
}

// Try makes one attempt on the newest state, for a caller whose own loop has the bound.
func (r *Repository) Try(ctx context.Context, call aggregate.Call, decide Decide) aggregate.Outcome {
	return r.aggregate.Try(ctx, call, decision(call.Target, decide))
}

func decision(id string, decide Decide) aggregate.Decide[*State] {
	return func(s *State, now time.Time) (aggregate.Decision, error) {
		happens, err := decide(s, now)
		d := aggregate.Decision{Name: handover.LineName(id)}
		for _, what := range happens {
			d.Events = append(d.Events, event.Of(what))
		}
		return d, err
	}
}

// newest is a line's state at the end of the log.
func (r *Repository) newest(ctx context.Context, id string) (*State, []eventlog.Entry, error) {
	s, err := r.known.State(id)
	if err != nil {
		return nil, nil, err
	}
	tail, err := r.catchUp(ctx, id, s)
	return s, tail, err
}

// Staff finds the keys of a line's people, as they are at the end of the log: one that was revoked is not
// found.
func (r *Repository) Staff(ctx context.Context, id string) (handover.Staff, error) {
	s, _, err := r.newest(ctx, id)
	return func(key []byte) *handoverv1.StaffKey {
		known := StaffKey(s, key)
		if known.GetRevocation() != handoverv1.KeyRevocation_KEY_REVOCATION_UNSPECIFIED {
			return nil
		}
		return known.GetKey()
	}, err
}

func (r *Repository) receipt(_ context.Context, id string, requestID []byte) (*handover.Receipt, error) {
	if r.known.Receipt == nil {
		return nil, nil
	}
	return r.known.Receipt(eventlog.LineSubject(id), requestID)
}

// catchUp applies the line's commits after a state, and returns them.
func (r *Repository) catchUp(ctx context.Context, id string, s *State) ([]eventlog.Entry, error) {
	tail, err := r.log.Tail(ctx, eventlog.LineSubject(id), s.HeadPosition)
	for _, entry := range tail {
		if err := apply(s, entry); err != nil {
			return nil, err
		}
	}
	return tail, err
}

func contended(line string) error {
	return refusal.Contended("others kept changing "+handover.LineName(line)+" at the same time; ask again with the same request id",
		"line", line)
}
