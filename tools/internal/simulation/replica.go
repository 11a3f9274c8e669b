package simulation

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/evolve"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// replica is a service with its view of the conversation. It carries out commands exactly
// as services/internal/conversations does.
type replica struct {
	state    *handover.State
	receipts handover.Receipts
	// skew is how far its clock is ahead.
	skew time.Duration
	// newest is the newest time that it has read or told: its own time is never earlier.
	newest time.Time
}

func newReplica() *replica {
	return &replica{state: &handover.State{}, receipts: handover.Receipts{}}
}

// call is a command on its way.
type call struct {
	command decide.Command
	name    string
	caller  string
	// request is the id of a caller's request, nil for the platform's own commands.
	request, hash []byte
	// lost: the log stores the first commit, but its acknowledgement never arrives.
	lost bool
}

// answer is the reply to the caller.
type answer struct {
	name     string
	position uint64
	// again: it was carried out before.
	again bool
	err   error
}

// attempts is the maximum number of times a command is decided.
const attempts = 16

var errUnknown = errors.New("the log has not answered")

func (w *world) do(r *replica, c call) answer {
	for range attempts {
		a := w.try(r, &c)
		if a.err == nil && (a.again || a.position > 0) {
			return a
		}
		moved := w.catchUp(r)
		var refused *refusal.Error
		if final := a.err == nil || errors.As(a.err, &refused); final && !moved {
			return a
		}
	}
	return answer{err: refusal.Contended("others kept being faster")}
}

// try decides on the replica's state and commits the result. An answer without a position
// means that there was nothing to do.
func (w *world) try(r *replica, c *call) answer {
	if receipt := r.receipts.Find(c.request); receipt != nil {
		return answerAgain(receipt, c.hash)
	}
	now := r.time(w.now)
	decision, err := command.Decide(r.state, c.command, now, w.rules)
	if err != nil || len(decision.Events) == 0 {
		return answer{name: decision.Name, err: err}
	}
	e, err := w.log.append(toCommit(r.state, *c, decision, now), r.state.HeadPosition)
	if err != nil {
		return answer{err: err}
	}
	if c.lost {
		c.lost = false
		w.appended(e)
		return answer{err: errUnknown}
	}
	w.apply(r, e)
	w.appended(e)
	return answer{name: decision.Name, position: e.position}
}

// time is the log's time for a replica, as services/internal/logclock tells it.
func (r *replica) time(now time.Time) time.Time {
	r.observe(now.Add(r.skew))
	return r.newest
}

func (r *replica) observe(instant time.Time) {
	if instant.After(r.newest) {
		r.newest = instant
	}
}

func answerAgain(receipt *handover.Receipt, hash []byte) answer {
	recorded, err := receipt.Answer(hash)
	return answer{name: recorded.GetName(), position: recorded.GetPosition(), again: true, err: err}
}

// toCommit builds the commit of a decision.
func toCommit(s *handover.State, c call, decision decide.Decision, now time.Time) *eventv1.Commit {
	var id [16]byte
	binary.BigEndian.PutUint32(id[:], s.Commits+1)
	return &eventv1.Commit{
		Id: hex.EncodeToString(id[:]), Subject: subject, Service: event.Owner(decision.Events[0]),
		RecordTime: timestamppb.New(now), Caller: c.caller, Command: c.name, RequestId: c.request, RequestHash: c.hash,
		PreviousHash: s.HeadHash, Number: s.Commits + 1, Name: decision.Name, Events: decision.Events,
	}
}

// catchUp applies the commits that the replica has not seen, and reports whether there
// were any.
func (w *world) catchUp(r *replica) bool {
	tail := w.log.tail(r.state.HeadPosition)
	for _, e := range tail {
		w.apply(r, e)
	}
	return len(tail) > 0
}

func (w *world) apply(r *replica, e entry) {
	if err := evolve.Commit(r.state, e.append, e.position, e.hash); err != nil {
		w.violated("I12", "%v", err)
	}
	r.receipts.Add(e.append, e.position)
	r.observe(e.append.RecordTime.AsTime())
}
