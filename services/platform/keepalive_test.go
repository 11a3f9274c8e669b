package platform_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/childtext"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

// status is the next thing that the child is to be told, which must be about a
// key, and the position that it comes with.
func (w watch) status(key childtext.Key, repetition uint32) (*childStatus, uint64) {
	w.t.Helper()
	before := uint64(0)
	for {
		response := must[*intakev1.WatchConversationResponse](w.t)(w.Recv())
		if response.Status == nil {
			before = response.Position
			continue
		}
		if response.Status.Key != string(key) || response.Status.Repetition != repetition || response.Status.Text == "" {
			w.t.Fatalf("got %v, want %s for the %d-th time", response.Status, key, repetition)
		}
		if response.Position < before || response.Events == nil && response.RecordTime != nil {
			w.t.Errorf("got %v after position %d", response, before)
		}
		return response.Status, response.Position
	}
}

// TestAChildWhoWaitsIsToldAgain after 45 and 90 s, in other words each time, and
// by a watch that was begun anew at once.
func TestAChildWhoWaitsIsToldAgain(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	conversation, handover := sender.offered("first", "second", "third")
	w.desk("first").acknowledge(handover+"/offers/1", offerDelivered)
	stream := sender.watch(conversation, 0)
	once, position := stream.status(childtext.Routing, 0)
	w.pass(45*time.Second - time.Nanosecond)
	w.pass(time.Nanosecond)
	again, _ := stream.status(childtext.Offered, 1)
	w.desk("second").acknowledge(handover+"/offers/2", offerDelivered)
	w.pass(45 * time.Second)
	third, _ := stream.status(childtext.Offered, 2)
	if once.Text == again.Text || again.Text == third.Text || once.Text == third.Text {
		t.Errorf("the child is told %q, %q and %q", once.Text, again.Text, third.Text)
	}
	for _, after := range []uint64{0, position} {
		if anew, _ := sender.watch(conversation, after).status(childtext.Routing, 0); !proto.Equal(anew, once) {
			t.Errorf("a new watch tells %v, want %v", anew, once)
		}
	}
}

// TestAChildIsToldWhenItChanges, and what is no news at once.
func TestAChildIsToldWhenItChanges(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	conversation, handover := sender.offered("first")
	stream := sender.watch(conversation, 0)
	stream.status(childtext.Routing, 0)
	first.acknowledge(handover+"/offers/1", offerAlerting)
	first.accept(handover, "1")
	stream.status(childtext.Accepted, 0)
	join(sender, first, handover)
	w.pass(45 * time.Second)
	stream.status(childtext.Briefing, 1)
	openBridge(sender, first, handover)
	stream.status(childtext.Bridged, 0)
	w.pass(60 * time.Second) // nobody waits, so nothing is told again
	confirm(sender, first, handover)
	stream.status(childtext.Confirming, 0)
}

// TestAChildIsWelcomedBack with the event itself, once.
func TestAChildIsWelcomedBack(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	conversation := sender.open()
	askConsent(sender, first, sender.propose(conversation, "first"))
	stream := sender.watch(conversation, 0)
	stream.status(childtext.ConsentAsked, 0)
	sender.disconnect(conversation, "child")
	w.settle()
	w.pass(time.Minute)
	sender.childJoins(conversation)
	w.settle()
	stream.status(childtext.Paused, 0)
	if n := len(logged[*eventv1.HandoverResumed](w, conversation)); n != 1 {
		t.Errorf("the handover goes on %d times", n)
	}
	w.pass(46 * time.Second)
	sender.watch(conversation, 0).status(childtext.ConsentAsked, 0) // that it is back is no news any more
}

// TestAChildIsToldOfItsCall, that it rings and that nobody answers.
func TestAChildIsToldOfItsCall(t *testing.T) {
	w := newWorld(t)
	sender, conversation := w.rings()
	w.settle()
	stream := sender.watch(conversation, 0)
	stream.status(childtext.LegPending, 0)
	w.pass(30 * time.Second)
	stream.status(childtext.LegUnanswered, 0)
}
