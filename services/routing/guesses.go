package routing

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/lines"
)

// mayClaim refuses a line that has guessed too often, unless this request was executed before
// and only gets its old answer.
func (s *Service) mayClaim(ctx context.Context, call aggregate.Call, claim command.ClaimTicket) error {
	state, err := s.ticketOf(ctx, claim)
	if err != nil || state == nil {
		return cmp.Or(err, s.mayTry(claim.Line))
	}
	name, err := handover.ParseName(state.Conversation.Name)
	if err != nil {
		return err
	}
	receipt, err := s.conversations.Receipt(ctx, name.Conversation, call.RequestID)
	if err != nil || receipt.Of(call.RequestHash) {
		return err
	}
	return s.mayTry(claim.Line)
}

// mayTry refuses a line that has tried too many wrong digits, whatever it brings.
func (s *Service) mayTry(line string) error {
	state, err := s.lineState(line)
	if err != nil {
		return err
	}
	wrong := lines.Counting(state, s.deps.Clock.Now())
	if len(wrong) < s.deps.Rules.WrongTickets {
		return nil
	}
	until := wrong[0].Deadline.AsTime()
	return refusal.TooManyAttempts(fmt.Sprintf("%s has tried %d wrong tickets; the next can be tried at %s", line, len(wrong), until.Format("15:04:05 MST")),
		"line", line, "until", until.Format("2006-01-02T15:04:05Z07:00"))
}

// wrongTicket counts an attempt with wrong digits, once for each request, and returns the
// refusal. Right digits used too late or twice are not guesses.
func (s *Service) wrongTicket(ctx context.Context, call aggregate.Call, line string, why error) error {
	var refused *refusal.Error
	if !errors.As(why, &refused) || refused.Reason != handoverv1.RefusalReason_REFUSAL_REASON_TICKET_INVALID || refused.Metadata["why"] != "UNKNOWN" {
		return why
	}
	counted := aggregate.Call{Target: line, Caller: call.Caller, Command: call.Command, RequestHash: call.RequestHash}
	outcome := s.lines.Do(ctx, counted, func(state *lines.State, now time.Time) ([]proto.Message, error) {
		if slices.ContainsFunc(lines.Counting(state, now), func(w *statev1.WrongTicket) bool { return bytes.Equal(w.RequestHash, call.RequestHash) }) {
			return nil, nil
		}
		return []proto.Message{&eventv1.TicketRefused{Deadline: timestamppb.New(now.Add(s.deps.Rules.WrongTicketsIn))}}, nil
	})
	if outcome.Err != nil {
		return outcome.Err
	}
	return why
}
