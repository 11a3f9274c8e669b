package intake_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/childtext"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/apitest"
)

// TestAChildWhoWaitsIsToldAgain after 45 and 90 s, worded differently each time, and by a new
// watch at once.
func TestAChildWhoWaitsIsToldAgain(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation, handover := sender.Offered("first", "second", "third")
	w.Desk("first").Acknowledge(handover+"/offers/1", apitest.OfferDelivered)
	stream := sender.WatchConversation(conversation, 0)
	once, position := stream.NextStatus(childtext.Routing, 0)
	w.Advance(45*time.Second - time.Nanosecond)
	w.Advance(time.Nanosecond)
	again, _ := stream.NextStatus(childtext.Offered, 1)
	w.Desk("second").Acknowledge(handover+"/offers/2", apitest.OfferDelivered)
	w.Advance(45 * time.Second)
	third, _ := stream.NextStatus(childtext.Offered, 2)
	if once.Text == again.Text || again.Text == third.Text || once.Text == third.Text {
		t.Errorf("the child is told %q, %q and %q", once.Text, again.Text, third.Text)
	}
	for _, after := range []uint64{0, position} {
		if again, _ := sender.WatchConversation(conversation, after).NextStatus(childtext.Routing, 0); !proto.Equal(again, once) {
			t.Errorf("a new watch tells %v, want %v", again, once)
		}
	}
}

// TestAChildIsToldWhenItChanges, and unchanged texts are not repeated.
func TestAChildIsToldWhenItChanges(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation, handover := sender.Offered("first")
	stream := sender.WatchConversation(conversation, 0)
	stream.NextStatus(childtext.Routing, 0)
	first.Acknowledge(handover+"/offers/1", apitest.OfferAlerting)
	first.Accept(handover, "1")
	stream.NextStatus(childtext.Accepted, 0)
	apitest.Join(sender, first, handover)
	w.Advance(45 * time.Second)
	stream.NextStatus(childtext.Briefing, 1)
	apitest.OpenBridge(sender, first, handover)
	stream.NextStatus(childtext.Bridged, 0)
	w.Advance(60 * time.Second) // the child is not waiting, so nothing is repeated
	apitest.Confirm(sender, first, handover)
	stream.NextStatus(childtext.Confirming, 0)
}

// TestAChildIsWelcomedBack with the event itself, once.
func TestAChildIsWelcomedBack(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation := sender.OpenConversation()
	apitest.AskConsent(sender, first, sender.Propose(conversation, "first"))
	stream := sender.WatchConversation(conversation, 0)
	stream.NextStatus(childtext.ConsentAsked, 0)
	sender.Disconnect(conversation, "child")
	w.Settle()
	w.Advance(time.Minute)
	childJoins(sender, conversation)
	w.Settle()
	stream.NextStatus(childtext.Paused, 0)
	if n := len(apitest.Logged[*eventv1.HandoverResumed](w, conversation)); n != 1 {
		t.Errorf("the handover goes on %d times", n)
	}
	w.Advance(46 * time.Second)
	sender.WatchConversation(conversation, 0).NextStatus(childtext.ConsentAsked, 0) // the child's return has already been announced
}

// TestAChildIsToldOfItsCall: that it rings, and that it was not answered.
func TestAChildIsToldOfItsCall(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, conversation := w.Ringing()
	w.Settle()
	stream := sender.WatchConversation(conversation, 0)
	stream.NextStatus(childtext.LegPending, 0)
	w.Advance(30 * time.Second)
	stream.NextStatus(childtext.LegUnanswered, 0)
}
