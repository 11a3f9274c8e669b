package story

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// AtDoor is a conversation at a closed door, which opens in half an hour. Two other lines are open.
func AtDoor(t *testing.T) *Story {
	s := Begin(t).Given(OpenConversation())
	return s.Given(s.LooksAt(s.Closed(30 * time.Minute)))
}

// LooksAt lets the platform look at the door.
func (s *Story) LooksAt(door handover.Door) decide.Command {
	return deadline.Advance{Rank: s.Rank, Door: door}
}

// Closed is a door that opens after a while.
func (s *Story) Closed(until time.Duration) handover.Door {
	opens := timestamppb.New(s.Now.Add(until))
	return func(*statev1.Conversation) (handoverv1.PassReason, []string, *timestamppb.Timestamp) {
		return handoverv1.PassReason_PASS_REASON_CLOSED, []string{Emergency, Mind}, opens
	}
}

// Open is an open door.
func Open(*statev1.Conversation) (handoverv1.PassReason, []string, *timestamppb.Timestamp) {
	return 0, nil, nil
}

// ProposeAtDoor is the proposal of a line's system, for a child that said yes to some lines.
func ProposeAtDoor(lines ...string) decide.Command {
	return command.ProposeHandover{Line: Bullying, Candidates: lines}
}

// OnItsWay goes on until a receiver has accepted the child at the door.
func (s *Story) OnItsWay(p Pass) *Story {
	s.Rank = Plan(p.To)
	return s.Given(ProposeAtDoor(p.To), p.Ask(), p.Give(Intro)).Looks().Given(p.Accept())
}
