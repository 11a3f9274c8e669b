package aggregate

import (
	"context"
	"maps"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Attempts bounds a command, including everything it reserves. Each failed attempt means that
// another writer succeeded, so running out means real contention.
const Attempts = 16

// Do executes a command and returns once its outcome is known, or cannot be.
func (r *Repository[S]) Do(ctx context.Context, call Call, decide Decide[S]) Outcome {
	state, read, err := r.kind.Load(ctx, call.Target)
	if err != nil {
		return failure(err)
	}
	seen := Receipts(read)
	var unknown Outcome // of an earlier attempt, which may still appear in the log
	rivals := newRivals()
	for range Attempts {
		outcome := r.attempt(ctx, call, decide, state, seen)
		if outcome.settled() {
			return outcome
		}
		if outcome.Result == Unknown {
			unknown = outcome
		}
		newer, err := r.kind.CatchUp(ctx, call.Target, state)
		switch {
		case err != nil:
			return failure(err) // the state may be stale, so a refusal would be wrong
		case len(newer) > 0:
			maps.Copy(seen, Receipts(newer))
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
	state, read, err := r.kind.Load(ctx, call.Target)
	if err != nil {
		return failure(err)
	}
	return r.attempt(ctx, call, decide, state, Receipts(read))
}

// attempt decides on a state, reserves what the decision needs, and commits. A caller's
// command without effect is committed without events, so that its request id is remembered;
// the service's own commands then commit nothing.
func (r *Repository[S]) attempt(ctx context.Context, call Call, decide Decide[S], state S, seen handover.Receipts) Outcome {
	if receipt, err := r.find(ctx, call, seen); receipt != nil || err != nil {
		return replay(receipt, call.RequestHash, err)
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

// find returns the receipt of a call's request id, or nil. Commits that came after those of
// Receipt were seen.
func (r *Repository[S]) find(ctx context.Context, call Call, seen handover.Receipts) (*handover.Receipt, error) {
	receipt := seen.Find(call.RequestID)
	if receipt != nil || len(call.RequestID) == 0 || r.kind.Receipt == nil {
		return receipt, nil
	}
	return r.kind.Receipt(ctx, call.Target, call.RequestID)
}

// Receipts are those of some commits.
func Receipts(entries []eventlog.Entry) handover.Receipts {
	all := handover.Receipts{}
	for _, entry := range entries {
		all.Add(entry.Commit, entry.Position)
	}
	return all
}

// replay returns the earlier answer to a request. It refuses a different request with the same
// id.
func replay(receipt *handover.Receipt, requestHash []byte, err error) Outcome {
	if err != nil {
		return failure(err)
	}
	recorded, err := receipt.Answer(requestHash)
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
