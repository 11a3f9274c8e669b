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
	// command, and RequestHash what tells the request from others, or empty. Its id is
	// left out: what is refused leaves it free.
	Caller, Command string
	RequestHash     []byte
	// At is the instant that the event carries.
	At time.Time
	// Decide says what happens in a state. Nil: nothing. It is asked again where
	// another was faster.
	Decide func(s *State) (proto.Message, error)
}

// Append carries out a change on the condition that nothing else came first. It
// begins with a state that may be old. Errors: those of Decide, *handover.Refusal
// where others kept being faster, eventlog.ErrUnknown.
func Append(ctx context.Context, log *eventlog.Log, old *State, c Change) error {
	s := proto.CloneOf(old)
	rivals := eventlog.NewPatience()
	for attempt := range eventlog.Attempts {
		moved, err := catchUp(ctx, log, c.Line, s)
		if err != nil {
			return err
		}
		if attempt > 0 && !moved {
			rivals.Wait(ctx)
			continue
		}
		what, err := c.Decide(s)
		if err != nil || what == nil {
			return err
		}
		_, err = log.Append(ctx, toAppend(c, s, what), s.HeadPosition)
		if !errors.Is(err, eventlog.ErrConflict) {
			return err
		}
	}
	return contended(c.Line)
}

func contended(line string) error {
	return &handover.Refusal{
		Reason:   handoverv1.RefusalReason_REFUSAL_REASON_CONTENDED,
		Message:  "others kept changing " + handover.LineName(line) + " at the same time; ask again with the same request id",
		Metadata: map[string]string{"line": line},
	}
}

func toAppend(c Change, s *State, what proto.Message) *eventv1.Append {
	return &eventv1.Append{
		Id: uuid.NewString(), Subject: eventlog.LineSubject(c.Line), Number: s.Appends + 1, PreviousHash: s.HeadHash,
		RecordTime: timestamppb.New(c.At), Caller: c.Caller, Command: c.Command, RequestHash: c.RequestHash,
		Name: handover.LineName(c.Line), Events: []*eventv1.Event{event.Of(what)},
	}
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
