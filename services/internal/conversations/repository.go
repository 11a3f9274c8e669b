package conversations

import (
	"context"
	"errors"
	"time"

	"github.com/jonboulle/clockwork"
	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/evolve"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// Parts are what a repository depends on. All but Reserve are required.
type Parts struct {
	Log    *eventlog.Log
	Clock  clockwork.Clock
	Limits handover.Rules
	// Model is the projection that holds the states. Pending holds those that it does not have
	// yet; Model's definition must pass every batch to Pending.
	Model   *projection.Model
	Pending *Pending
	// Reserve reserves what a decision needs from other aggregates. May be nil.
	Reserve func(ctx context.Context, state *handover.State, decision decide.Decision) aggregate.Outcome
}

// Repository executes commands on conversations for one service.
type Repository struct {
	parts     Parts
	aggregate *aggregate.Repository[*handover.State]
}

func NewRepository(p Parts) *Repository {
	r := &Repository{parts: p}
	r.aggregate = aggregate.New(p.Log, p.Clock, aggregate.Kind[*handover.State]{
		Subject: eventlog.ConversationSubject,
		Load:    r.load,
		CatchUp: r.catchUp, Committed: r.committed, Receipt: r.Receipt, Contended: contended,
	})
	return r
}

// Do executes a command and returns once it is in the log. The same request id always gets the
// same answer. Errors: *refusal.Error, eventlog.ErrUnknown.
func (r *Repository) Do(ctx context.Context, call aggregate.Call, command decide.Command) (*handoverv1.Recorded, error) {
	return r.DoEach(ctx, call, func() (decide.Command, error) { return command, nil })
}

// DoEach is Do with a command that is built again for each attempt, because it depends on more
// than the conversation.
func (r *Repository) DoEach(ctx context.Context, call aggregate.Call, command func() (decide.Command, error)) (*handoverv1.Recorded, error) {
	return r.DoStoring(ctx, call, nil, command)
}

// DoStoring is DoEach for a command that refers to something outside of the log. Store puts it
// there before the command is committed, possibly more than once. May be nil.
func (r *Repository) DoStoring(ctx context.Context, call aggregate.Call, store func() error, command func() (decide.Command, error)) (*handoverv1.Recorded, error) {
	return r.aggregate.Do(ctx, call, func(state *handover.State, now time.Time) (aggregate.Decision, error) {
		made, err := command()
		if err != nil {
			return aggregate.Decision{}, err
		}
		return r.decide(state, made, now, store)
	}).Answer()
}

func (r *Repository) decide(state *handover.State, wanted decide.Command, now time.Time, store func() error) (aggregate.Decision, error) {
	decided, err := command.Decide(state, wanted, now, r.parts.Limits)
	if err != nil {
		return aggregate.Decision{}, err
	}
	decision := aggregate.Decision{Name: decided.Name, Events: decided.Events}
	switch {
	case store != nil:
		decision.Reserve = func(context.Context) aggregate.Outcome { return stored(store()) }
	case r.parts.Reserve != nil:
		decision.Reserve = func(ctx context.Context) aggregate.Outcome { return r.parts.Reserve(ctx, state, decided) }
	}
	return decision, nil
}

func stored(err error) aggregate.Outcome {
	if err != nil {
		return aggregate.Outcome{Result: aggregate.Failed, Err: err}
	}
	return aggregate.Outcome{Result: aggregate.NothingToDo}
}

func (r *Repository) load(ctx context.Context, id string) (*handover.State, []eventlog.Entry, error) {
	state, err := r.State(ctx, id)
	return state, nil, err
}

// Receipt finds the receipt of a request among the commits that this service knows, or returns
// nil. A receipt moves from pending to the projection, and from there to the log alone, so it looks
// in this order.
func (r *Repository) Receipt(ctx context.Context, id string, requestID []byte) (receipt *handover.Receipt, err error) {
	if receipt := r.parts.Pending.receipt(id, requestID); receipt != nil {
		return receipt, nil
	}
	finished := false
	err = r.parts.Model.View(func(tx *bbolt.Tx) error {
		finished = isFinished(tx, id)
		receipt, err = projection.ReceiptIn(tx, eventlog.ConversationSubject(id), requestID)
		return err
	})
	if err != nil || !finished {
		return receipt, err
	}
	commits, err := r.parts.Log.Tail(ctx, eventlog.ConversationSubject(id), 0)
	return aggregate.Receipts(commits).Find(requestID), err
}

// State is a conversation as this service knows it, including its own newest commits.
func (r *Repository) State(ctx context.Context, id string) (*handover.State, error) {
	state, err := r.Projected(ctx, id)
	if err != nil {
		return nil, err
	}
	if stored := r.parts.Pending.newer(id, state.HeadPosition); stored != nil {
		return decode(id, stored)
	}
	return state, nil
}

// Projected is a conversation's state in the projection, or at the end of the log if it is finished.
func (r *Repository) Projected(ctx context.Context, id string) (state *handover.State, err error) {
	err = r.parts.Model.View(func(tx *bbolt.Tx) error {
		state, err = Get(tx, id)
		return err
	})
	if !errors.Is(err, ErrFinished) {
		return state, err
	}
	commits, err := r.parts.Log.Tail(ctx, eventlog.ConversationSubject(id), 0)
	if err != nil {
		return nil, err
	}
	return Rebuild(commits)
}

// Newest is a conversation's state at the end of the log.
func (r *Repository) Newest(ctx context.Context, id string) (*handover.State, error) {
	state, err := r.State(ctx, id)
	if err != nil {
		return nil, err
	}
	_, err = r.catchUp(ctx, id, state)
	return state, err
}

// committed keeps the state after an own commit until the projection has it.
func (r *Repository) committed(id string, state *handover.State, entry eventlog.Entry) error {
	if err := evolve.Commit(state, entry.Commit, entry.Position, entry.Hash); err != nil {
		return err
	}
	return r.parts.Pending.put(id, state, entry)
}

// catchUp applies the conversation's commits after a state, and returns them.
func (r *Repository) catchUp(ctx context.Context, id string, state *handover.State) ([]eventlog.Entry, error) {
	tail, err := r.parts.Log.Tail(ctx, eventlog.ConversationSubject(id), state.HeadPosition)
	for _, entry := range tail {
		if err := evolve.Commit(state, entry.Commit, entry.Position, entry.Hash); err != nil {
			return nil, err
		}
	}
	if err != nil || len(tail) == 0 {
		return nil, err
	}
	return tail, r.parts.Pending.put(id, state, tail...)
}

func contended(id string) error {
	return refusal.Contended("others kept changing the conversation at the same time; ask again with the same request id",
		"conversation", handover.ConversationName(id))
}
