package routing

import (
	"context"
	"errors"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
)

// errNoSeat is that a line that was to be asked can take nobody any more.
var errNoSeat = errors.New("the line's last seat has been taken")

// ask carries out something that may ask lines for a conversation. Where another was
// faster to take a line's last seat, it is decided again with that known.
func (s *Service) ask(ctx context.Context, conversation string, do func(*directory.Directory) (*recorded, error)) (*recorded, error) {
	for range eventlog.Attempts {
		all, err := s.directoryFor(conversation)
		if err != nil {
			return nil, err
		}
		done, err := do(all)
		if !errors.Is(err, errNoSeat) {
			return done, err
		}
		if err := s.model.CatchUp(ctx, 0); err != nil {
			return nil, err
		}
	}
	return nil, &handover.Refusal{
		Reason:  handoverv1.RefusalReason_REFUSAL_REASON_CONTENDED,
		Message: "others kept taking the seats of the lines at the same time; ask again with the same request id",
	}
}

func (s *Service) directoryFor(conversation string) (all *directory.Directory, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		all, err = s.lines.For(tx, handover.ConversationName(conversation), s.host.Clock.Now())
		return err
	})
	return all, err
}

// pass says why a line of a plan cannot be asked now.
func (s *Service) pass(all *directory.Directory) handover.Pass {
	now := s.host.Clock.Now()
	return func(line string, header *handoverv1.PacketHeader) handoverv1.PassReason {
		return all.CanTake(line, header.GetChannel(), header.GetRisk(), now)
	}
}

// setAside sets a seat aside for each offer that a decision sends, before it is sent.
// If this process ends in between, the seat is free again after a while.
func (s *Service) setAside(ctx context.Context, state *handover.State, decision handover.Decision) error {
	for _, e := range decision.Events {
		sent := e.GetOfferSent()
		h := handover.NumberedHandover(state.Conversation, sent.GetHandover())
		if sent == nil || !directory.HasSeats(h.GetHeader().GetChannel()) {
			continue
		}
		wanted := lines.Wanted{Line: sent.Line, Offer: handover.OfferName(h.Name, sent.Offer), Header: h.Header}
		if err := s.setSeatAside(ctx, wanted); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) setSeatAside(ctx context.Context, wanted lines.Wanted) error {
	next, err := s.takeTurn(ctx, seatTurn+wanted.Line)
	if err != nil {
		return err
	}
	defer next()
	now := s.host.Clock.Now()
	_, err = s.append(ctx, lines.Change{
		Line: wanted.Line, Caller: s.host.Identity, Command: "SetSeatAside",
		Decide: func(newest *lines.State) (happens []proto.Message, err error) {
			err = s.model.View(func(tx *bbolt.Tx) error {
				leased, reason, err := s.lines.SetAside(tx, newest, wanted, now)
				switch {
				case err != nil:
					return err
				case reason != 0:
					return errNoSeat
				case leased != nil:
					happens = []proto.Message{leased}
				}
				return nil
			})
			return happens, err
		},
	})
	return err
}
