package aggregate

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Attempts bounds a command, including everything it reserves. Each failed attempt means that
// another writer succeeded, so running out means real contention.
const Attempts = 16

// Do executes a command and returns once its outcome is known, or cannot be.
func (r *Repository[S]) Do(ctx context.Context, call Call, decide Decide[S]) Outcome {
	state, err := r.kind.Load(ctx, call.Target)
	if err != nil {
		return failure(err)
	}
	var unknown Outcome // of an earlier attempt, which may still appear in the log
	rivals := newRivals()
	for range Attempts {
		outcome := r.attempt(ctx, call, decide, state)
		if outcome.settled() {
			return outcome
		}
		if outcome.Result == Unknown {
			unknown = outcome
		}
		moved, err := r.kind.CatchUp(ctx, call.Target, state)
		switch {
		case err != nil:
			return failure(err) // the state may be stale, so a refusal would be wrong
		case moved:
		case outcome.open():
			wait(ctx, rivals)
		case unknown.Result == Unknown:
			return unknown
		default:
			return outcome
		}
	}
	if unknown.Result == Unknown {
		return unknown
	}
	return Outcome{Result: Contended, Err: r.kind.Contended(call.Target)}
}

// Try makes one attempt, for a caller whose own loop has the bound. It decides on the state as
// loaded, so a refusal is only as current as that.
func (r *Repository[S]) Try(ctx context.Context, call Call, decide Decide[S]) Outcome {
	state, err := r.kind.Load(ctx, call.Target)
	if err != nil {
		return failure(err)
	}
	return r.attempt(ctx, call, decide, state)
}

// attempt decides on a state, reserves what the decision needs, and commits. A caller's
// command without effect is committed without events, so that its request id is remembered;
// the service's own commands then commit nothing.
func (r *Repository[S]) attempt(ctx context.Context, call Call, decide Decide[S], state S) Outcome {
	if receipt := find(state, call.RequestID); receipt != nil {
		return replay(receipt, call.RequestHash)
	}
	now := r.clock.Now()
	decision, err := decide(state, now)
	if err != nil {
		return Outcome{Result: Refused, Err: err}
	}
	if len(decision.Events) == 0 && len(call.RequestID) == 0 {
		return Outcome{Result: NothingToDo, Recorded: &handoverv1.Recorded{
			Name: decision.Name, Position: state.GetHeadPosition(), RecordTime: timestamppb.New(now),
		}}
	}
	if err := r.log.Writable(); err != nil {
		return Outcome{Result: Failed, Err: err}
	}
	if decision.Reserve != nil {
		if reserved := decision.Reserve(ctx); !reserved.Held() {
			return reserved
		}
	}
	return r.commit(ctx, r.toCommit(call, decision, state, now), call.Target, state)
}

func (r *Repository[S]) commit(ctx context.Context, commit *eventv1.Commit, id string, state S) Outcome {
	entry, err := r.log.Append(ctx, commit, state.GetHeadPosition())
	if err != nil {
		return failure(err)
	}
	if r.kind.Committed != nil {
		if err := r.kind.Committed(id, state, entry); err != nil {
			return failure(err)
		}
	}
	return Outcome{Result: Committed, Recorded: &handoverv1.Recorded{
		Name: commit.Name, Position: entry.Position, RecordTime: commit.RecordTime,
	}}
}

func (r *Repository[S]) toCommit(call Call, decision Decision, state S, now time.Time) *eventv1.Commit {
	return &eventv1.Commit{
		Id: uuid.NewString(), Subject: r.kind.Subject(call.Target),
		RecordTime: timestamppb.New(now), Caller: call.Caller, Command: call.Command,
		RequestId: call.RequestID, RequestHash: call.RequestHash,
		PreviousHash: state.GetHeadHash(), Number: state.GetCommits() + 1,
		Name: decision.Name, Events: decision.Events,
	}
}

func find(state State, requestID []byte) *statev1.Receipt {
	if len(requestID) == 0 {
		return nil
	}
	return handover.FindReceipt(state.GetReceipts(), requestID)
}

// replay returns the earlier answer to a request. It refuses a different request with the same
// id.
func replay(receipt *statev1.Receipt, requestHash []byte) Outcome {
	recorded, err := handover.AnswerAgain(receipt, requestHash)
	if err != nil {
		return Outcome{Result: Refused, Err: err}
	}
	return Outcome{Result: Replayed, Recorded: recorded}
}

// newRivals paces attempts while another writer's commit becomes visible: a cluster refuses a
// commit as soon as its leader knows of another, which can be read only once it is replicated.
func newRivals() backoff.BackOff {
	rivals := backoff.NewExponentialBackOff()
	rivals.InitialInterval, rivals.MaxInterval, rivals.Multiplier = time.Millisecond, 64*time.Millisecond, 2
	return rivals
}

func wait(ctx context.Context, pace backoff.BackOff) {
	timer := time.NewTimer(pace.NextBackOff())
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
