package upcast_test

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/event/upcast"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

var early, late = &timestamppb.Timestamp{Seconds: 100}, &timestamppb.Timestamp{Seconds: 200}

// before is a conversation in its second epoch, with a handover that has a budget
// and one whose budget is spent.
func before() *statev1.Conversation {
	return &statev1.Conversation{
		Custody:   &statev1.Custody{Line: "first", Epoch: 2},
		Handovers: []*statev1.Handover{{BudgetDeadline: early}, {}},
	}
}

func TestOldEventsAreReadAsTodays(t *testing.T) {
	for name, c := range map[string]struct{ stored, want proto.Message }{
		"a proposal that counts no hops":    {&eventv1.HandoverProposed{Handover: 3}, &eventv1.HandoverProposed{Handover: 3, Hop: 2}},
		"a proposal of today":               {&eventv1.HandoverProposed{Handover: 3, Hop: 1}, &eventv1.HandoverProposed{Handover: 3, Hop: 1}},
		"a bridge that knows of no budget":  {&eventv1.BridgeOpened{Handover: 1}, &eventv1.BridgeOpened{Handover: 1, BudgetDeadline: early}},
		"a bridge of today":                 {&eventv1.BridgeOpened{Handover: 1, BudgetDeadline: late}, &eventv1.BridgeOpened{Handover: 1, BudgetDeadline: late}},
		"a bridge whose budget is spent":    {&eventv1.BridgeOpened{Handover: 2}, &eventv1.BridgeOpened{Handover: 2}},
		"a bridge at a closed door":         {&eventv1.BridgeOpened{Handover: 1, Exception: 3}, &eventv1.BridgeOpened{Handover: 1, Exception: 3}},
		"a bridge of no handover":           {&eventv1.BridgeOpened{Handover: 9}, &eventv1.BridgeOpened{Handover: 9}},
		"an event that has always been one": {&eventv1.ChildAgreed{Handover: 1}, &eventv1.ChildAgreed{Handover: 1}},
	} {
		e, conversation := event.Of(proto.CloneOf(c.stored)), before()
		if got := event.What(upcast.Event(conversation, e)); !proto.Equal(got, c.want) {
			t.Errorf("%s is read as %v, want %v", name, got, c.want)
		}
		if !proto.Equal(event.What(e), c.stored) || !proto.Equal(conversation, before()) {
			t.Errorf("%s: what was given has changed: %v", name, e)
		}
	}
}
