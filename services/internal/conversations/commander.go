package conversations

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// Commander carries out commands for one service.
type Commander struct {
	log    *eventlog.Log
	model  *projection.Model
	clock  clockwork.Clock
	rules  handover.Rules
	recent recent
	before Before
}

// Before is what must be done before what was decided on a state is appended. It may be
// asked more than once for the same. An error keeps it from being appended, and is the
// answer.
type Before func(ctx context.Context, state *handover.State, decision handover.Decision) error

// NewCommander makes a commander. Its Committed must be told of what the read
// model has folded.
func NewCommander(log *eventlog.Log, clock clockwork.Clock, rules handover.Rules) *Commander {
	return &Commander{log: log, clock: clock, rules: rules, recent: recent{states: map[string]recentState{}}}
}

// Use names the read model that holds the states.
func (c *Commander) Use(model *projection.Model) { c.model = model }

// Before sets what is done before each append.
func (c *Commander) Before(do Before) { c.before = do }

// Committed drops what the commander remembered until the read model had it.
func (c *Commander) Committed(batch []eventlog.Entry) { c.recent.forget(batch) }

// Call is who wants what, apart from the command itself.
type Call struct {
	// Conversation is the id.
	Conversation string
	// Caller is the SPIFFE URI of the peer.
	Caller string
	// Command is the RPC's name, or that of an inner command.
	Command string
	// RequestID is the command's id as 16 bytes; empty for the service's own.
	RequestID []byte
	// RequestHash tells the same request from another with the same id.
	RequestHash []byte
}

// Do carries out a command and returns once the log has it. The same request id
// gets the same answer, for good. Errors: *handover.Refusal,
// eventlog.ErrUnknown.
func (c *Commander) Do(ctx context.Context, call Call, command handover.Command) (*handoverv1.Recorded, error) {
	state, err := c.State(call.Conversation)
	if err != nil {
		return nil, err
	}
	var unknown error // an earlier attempt may still come to be in the log
	rivals := eventlog.NewPatience()
	for range eventlog.Attempts {
		recorded, err := c.try(ctx, call, command, state)
		if err == nil {
			return recorded, nil
		}
		if errors.Is(err, eventlog.ErrUnknown) {
			unknown = err
		}
		if !final(err) && !errors.Is(err, eventlog.ErrConflict) && !errors.Is(err, eventlog.ErrUnknown) {
			return nil, err
		}
		moved, caughtUp := c.catchUp(ctx, call.Conversation, state)
		switch {
		case caughtUp != nil:
			return nil, caughtUp // the state may be old, so a refusal is nobody's answer
		case moved:
			continue
		case !final(err):
			rivals.Wait(ctx)
			continue
		case unknown != nil:
			return nil, unknown
		}
		return c.settle(err, state)
	}
	return nil, contended(call, unknown)
}

// final says whether a decision was made that appends nothing: a refusal, or
// that everything is as the command wants it. It is the answer only when the log
// has nothing newer.
func final(err error) bool {
	var refusal *handover.Refusal
	return errors.As(err, &refusal) || errors.As(err, new(nothingToDo))
}

// nothingToDo is that everything is as a command of the service's own wants it. It
// names the resource.
type nothingToDo struct{ name string }

func (n nothingToDo) Error() string { return n.name + " is as the command wants it" }

// settle answers what was decided without an append.
func (c *Commander) settle(err error, state *handover.State) (*handoverv1.Recorded, error) {
	var nothing nothingToDo
	if !errors.As(err, &nothing) {
		return nil, err
	}
	return &handoverv1.Recorded{Name: nothing.name, Position: state.HeadPosition, RecordTime: timestamppb.New(c.clock.Now())}, nil
}

func contended(call Call, unknown error) error {
	if unknown != nil {
		return unknown
	}
	return &handover.Refusal{
		Reason:   handoverv1.RefusalReason_REFUSAL_REASON_CONTENDED,
		Message:  "others kept changing the conversation at the same time; ask again with the same request id",
		Metadata: map[string]string{"conversation": handover.ConversationName(call.Conversation)},
	}
}

// try decides on a state and appends what follows. A caller's command from which
// nothing follows is appended without events, so that its request id is remembered;
// the service's own is nothingToDo. That, and a refusal, are made on what this service
// knows; Do gives them to the caller only when the log has nothing newer.
func (c *Commander) try(ctx context.Context, call Call, command handover.Command, state *handover.State) (*handoverv1.Recorded, error) {
	if receipt := handover.FindReceipt(state.GetReceipts(), call.RequestID); receipt != nil && len(call.RequestID) > 0 {
		return handover.AnswerAgain(receipt, call.RequestHash)
	}
	now := c.clock.Now()
	decision, err := handover.Decide(state, command, now, c.rules)
	if err != nil {
		return nil, err
	}
	if len(decision.Events) == 0 && len(call.RequestID) == 0 {
		return nil, nothingToDo{decision.Name}
	}
	if c.before != nil {
		if err := c.before(ctx, state, decision); err != nil {
			return nil, err
		}
	}
	entry, err := c.log.Append(ctx, toCommit(call, decision, state, now), state.HeadPosition)
	if err != nil {
		return nil, err
	}
	if err := c.remember(call.Conversation, state, entry); err != nil {
		return nil, err
	}
	return &handoverv1.Recorded{Name: decision.Name, Position: entry.Position, RecordTime: entry.Commit.RecordTime}, nil
}

func (c *Commander) remember(id string, state *handover.State, entry eventlog.Entry) error {
	if err := handover.Fold(state, entry.Commit, entry.Position, entry.Hash); err != nil {
		return err
	}
	return c.recent.put(id, state)
}

func toCommit(call Call, decision handover.Decision, state *handover.State, now time.Time) *eventv1.Commit {
	return &eventv1.Commit{
		Id: uuid.NewString(), Subject: eventlog.ConversationSubject(call.Conversation),
		RecordTime: timestamppb.New(now), Caller: call.Caller, Command: call.Command,
		RequestId: call.RequestID, RequestHash: call.RequestHash,
		PreviousHash: state.HeadHash, Number: state.Commits + 1,
		Name: decision.Name, Events: decision.Events,
	}
}

// catchUp folds what the log has of the conversation after a state into it, and
// says whether there was anything.
func (c *Commander) catchUp(ctx context.Context, id string, state *handover.State) (bool, error) {
	tail, err := c.log.Tail(ctx, eventlog.ConversationSubject(id), state.HeadPosition)
	for _, entry := range tail {
		if err := handover.Fold(state, entry.Commit, entry.Position, entry.Hash); err != nil {
			return false, err
		}
	}
	return len(tail) > 0, err
}

// State is a conversation as this service knows it, its own newest appends
// included.
func (c *Commander) State(id string) (*handover.State, error) {
	var state *handover.State
	err := c.model.View(func(tx *bbolt.Tx) (err error) {
		state, err = Get(tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if stored := c.recent.newer(id, state.HeadPosition); stored != nil {
		return decode(id, stored)
	}
	return state, nil
}

// Newest is a conversation as the log has it.
func (c *Commander) Newest(ctx context.Context, id string) (*handover.State, error) {
	state, err := c.State(id)
	if err != nil {
		return nil, err
	}
	_, err = c.catchUp(ctx, id, state)
	return state, err
}
