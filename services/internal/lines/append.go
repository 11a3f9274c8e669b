package lines

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Change is something that is to happen to a line.
type Change struct {
	// Line is its id.
	Line string
	// Caller is the SPIFFE URI of the peer, Command the RPC's name or that of an inner
	// command.
	Caller, Command string
	// RequestID is the command's id as 16 bytes, under which it is carried out once for
	// good; empty for what says how something is. RequestHash is what tells the request
	// from others, or empty.
	RequestID, RequestHash []byte
	// At is the instant that the events carry.
	At time.Time
	// Decide says what happens in a state. Nothing where all is so already. It is asked
	// again where another was faster.
	Decide func(s *State) ([]proto.Message, error)
}

// Append carries out a change on the condition that nothing else came first. It
// begins with a state that may be old. Where nothing is to happen, it answers with
// the position up to which it looked. Errors: those of Decide, *handover.Refusal where
// others kept being faster, eventlog.ErrUnknown.
func Append(ctx context.Context, log *eventlog.Log, old *State, c Change) (*handoverv1.Recorded, error) {
	s := proto.CloneOf(old)
	rivals := eventlog.NewPatience()
	for attempt := range eventlog.Attempts {
		moved, err := catchUp(ctx, log, c.Line, s)
		if err != nil {
			return nil, err
		}
		if attempt > 0 && !moved {
			rivals.Wait(ctx)
			continue
		}
		recorded, err := try(ctx, log, s, c)
		if !errors.Is(err, eventlog.ErrConflict) {
			return recorded, err
		}
	}
	return nil, contended(c.Line)
}

// try decides on a state and appends what follows.
func try(ctx context.Context, log *eventlog.Log, s *State, c Change) (*handoverv1.Recorded, error) {
	if receipt := handover.FindReceipt(s.GetReceipts(), c.RequestID); receipt != nil {
		return handover.AnswerAgain(receipt, c.RequestHash)
	}
	happens, err := c.Decide(s)
	if err != nil {
		return nil, err
	}
	name := handover.LineName(c.Line)
	if len(happens) == 0 && len(c.RequestID) == 0 {
		return &handoverv1.Recorded{Name: name, Position: s.GetHeadPosition(), RecordTime: timestamppb.New(c.At)}, nil
	}
	entry, err := log.Append(ctx, toCommit(c, s, happens), s.HeadPosition)
	if err != nil {
		return nil, err
	}
	return &handoverv1.Recorded{Name: name, Position: entry.Position, RecordTime: entry.Commit.RecordTime}, nil
}

func contended(line string) error {
	return &handover.Refusal{
		Reason:   handoverv1.RefusalReason_REFUSAL_REASON_CONTENDED,
		Message:  "others kept changing " + handover.LineName(line) + " at the same time; ask again with the same request id",
		Metadata: map[string]string{"line": line},
	}
}

func toCommit(c Change, s *State, happens []proto.Message) *eventv1.Commit {
	a := &eventv1.Commit{
		Id: uuid.NewString(), Subject: eventlog.LineSubject(c.Line), Number: s.Commits + 1, PreviousHash: s.HeadHash,
		RecordTime: timestamppb.New(c.At), Caller: c.Caller, Command: c.Command,
		RequestId: c.RequestID, RequestHash: c.RequestHash, Name: handover.LineName(c.Line),
	}
	for _, what := range happens {
		a.Events = append(a.Events, event.Of(what))
	}
	return a
}

// catchUp folds what the log has of the line after a state into it, and says
// whether there was anything.
func catchUp(ctx context.Context, log *eventlog.Log, id string, s *State) (bool, error) {
	tail, err := log.Tail(ctx, eventlog.LineSubject(id), s.HeadPosition)
	for _, entry := range tail {
		if err := apply(s, entry); err != nil {
			return false, err
		}
	}
	return len(tail) > 0, err
}
