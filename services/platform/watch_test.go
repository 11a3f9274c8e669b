package platform_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/stafett/stafett/pkg/event"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// watch is a watch of a conversation.
type watch struct {
	grpc.ServerStreamingClient[intakev1.WatchConversationResponse]
	t *testing.T
}

func (d desk) watch(conversation string, after uint64) watch {
	d.t.Helper()
	stream, err := d.Intake.WatchConversation(d.ctx, &intakev1.WatchConversationRequest{Name: conversation, AfterPosition: after})
	if err != nil {
		d.t.Fatal(err)
	}
	return watch{stream, d.t}
}

// until receives up to an event of a kind and returns the kinds seen.
func (w watch) until(kind string) (kinds []string, last *intakev1.WatchConversationResponse) {
	w.t.Helper()
	for !slices.Contains(kinds, kind) {
		response, err := w.Recv()
		if err != nil {
			w.t.Fatalf("after %v: %v", kinds, err)
		}
		if response.Events == nil { // what the child is to be told, see child_status_test.go
			continue
		}
		if last != nil && response.Position <= last.Position {
			w.t.Errorf("position %d comes after %d", response.Position, last.Position)
		}
		kinds, last = append(kinds, event.Names(response.Events)...), response
	}
	return kinds, last
}

// end receives to the end.
func (w watch) end() (kinds []string) {
	w.t.Helper()
	for {
		response, err := w.Recv()
		if errors.Is(err, io.EOF) {
			return kinds
		}
		if err != nil {
			w.t.Fatalf("after %v: %v", kinds, err)
		}
		kinds = append(kinds, event.Names(response.Events)...)
	}
}

func sees(t *testing.T, who string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s sees\n  %v, want\n  %v", who, got, want)
	}
}

// TestWhatEachSideSees of a whole handover, live and afterwards.
func TestWhatEachSideSees(t *testing.T) {
	w := newWorld(t)
	sender, first, second := w.desk("sender"), w.desk("first"), w.desk("second")
	conversation, handover := sender.offered("first", "second")
	senders := sender.watch(conversation, 0)
	seen, _ := senders.until("OfferSent")
	sees(t, "the sender", seen, "ConversationOpened", "CustodyOpened", "ParticipantJoined", "ParticipantJoined",
		"HandoverProposed", "PacketSealed", "PacketSealed", "ConsentAsked", "ConsentGiven", "HandoverRouted", "OfferSent")
	for name, d := range map[string]desk{"the asked line": first, "another line": w.desk("third")} {
		_, err := d.watch(conversation, 0).Recv()
		t.Log(name)
		refused(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
	}
	first.decline(handover, "1")
	accepted := second.accept(handover, "2")
	receivers := second.watch(conversation, accepted.Position-1)
	seen, _ = senders.until("OfferAccepted")
	sees(t, "the sender", seen, "OfferDeclined", "OfferSent", "OfferAccepted")
	sender.bridge(second, handover)
	sender.say(conversation, "child", "hello")
	second.say(conversation, "aksel", "hi")
	for name, stream := range map[string]watch{"the sender": senders, "the receiver": receivers} {
		before := []string{"ReceiverJoined", "BridgeOpened", "MessageSent"}
		if name == "the receiver" {
			before = append([]string{"OfferAccepted"}, before...)
		}
		seen, last := stream.until("MessageSent")
		sees(t, name, seen, before...)
		if len(last.Messages) != 1 || string(last.Messages[0].Sealed) != "hello" || last.Messages[0].Message != 1 {
			t.Errorf("%s got %v, want the first message", name, last.Messages)
		}
		_, last = stream.until("MessageSent")
		if len(last.Messages) != 1 || string(last.Messages[0].Sealed) != "hi" || last.Messages[0].Message != 2 {
			t.Errorf("%s got %v, want the second message", name, last.Messages)
		}
	}
	sender.transfer(second, handover)
	w.done(sender, handover)
	second.close(conversation)
	sees(t, "the sender", senders.end(), "ReceiverConfirmed", "ChildAgreed", "CustodyTransferred", "SenderLeft", "ConversationClosed", "CustodyClosed")
	sees(t, "the receiver", receivers.end(), "ReceiverConfirmed", "ChildAgreed", "CustodyTransferred", "SenderLeft", "ConversationClosed", "CustodyClosed")
	sees(t, "the receiver, afterwards,", second.watch(conversation, 0).end(), "OfferAccepted", "ReceiverJoined", "BridgeOpened", "MessageSent", "MessageSent",
		"ReceiverConfirmed", "ChildAgreed", "CustodyTransferred", "SenderLeft", "ConversationClosed", "CustodyClosed")
	_, err := first.watch(conversation, 0).Recv()
	refused(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
}

// done lets the sender leave.
func (w *world) done(sender desk, handover string) {
	w.t.Helper()
	sender.done(sender.Routing.LeaveHandover(w.ctx, &routingv1.LeaveHandoverRequest{RequestId: uuid.NewString(), Handover: handover}))
}

// TestAFailedReceiverSeesNoMore: what came after its time is not for it.
func TestAFailedReceiverSeesNoMore(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	conversation, handover := sender.offered("first")
	accepted := first.accept(handover, "1")
	live := first.watch(conversation, accepted.Position)
	sender.done(sender.Intake.WithdrawConsent(w.ctx, &intakev1.WithdrawConsentRequest{RequestId: uuid.NewString(), Handover: handover}))
	w.settle()
	sender.close(conversation)
	sees(t, "live, the receiver", live.end(), "ConsentWithdrawn", "HandoverReturned")
	sees(t, "afterwards, it", first.watch(conversation, 0).end(), "OfferAccepted", "ConsentWithdrawn", "HandoverReturned")
}

func TestAWatchIsResumed(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	conversation := sender.open()
	_, opened := sender.watch(conversation, 0).until("ConversationOpened")
	handover := sender.propose(conversation, "first")
	sender.close(sender.open()) // another conversation's appends lie between
	sender.consent(handover)
	seen, routed := sender.watch(conversation, opened.Position).until("OfferSent")
	sees(t, "resumed, the sender", seen, "ParticipantJoined", "HandoverProposed", "PacketSealed", "PacketSealed", "ConsentAsked", "ConsentGiven", "HandoverRouted", "OfferSent")
	newest := sender.watch(conversation, routed.Position)
	w.desk("first").decline(handover, "1")
	seen, _ = newest.until("OfferDeclined")
	sees(t, "resumed at the end, the sender", seen, "OfferDeclined", "HandoverReturned")
}

// TestReadYourWrites: who has just accepted may watch and read at once, with the
// position of the answer.
func TestReadYourWrites(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	for range 10 {
		conversation, handover := sender.offered("first")
		accepted := first.accept(handover, "1")
		if _, err := first.Intake.GetConversation(w.ctx, &intakev1.GetConversationRequest{Name: conversation, MinPosition: accepted.Position}); err != nil {
			t.Fatalf("GetConversation: %v", err)
		}
		conversation, handover = sender.offered("first")
		watching := first.watch(conversation, first.accept(handover, "1").Position)
		sender.done(first.Routing.JoinHandover(w.ctx, &routingv1.JoinHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Participant: "aksel"}))
		watching.until("ReceiverJoined")
	}
}

func TestWatchConversationRefuses(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	conversation := sender.open()
	_, err := sender.watch("conversations/"+strings.Repeat("0", 32), 0).Recv()
	refused(t, err, codes.NotFound, "CONVERSATION_NOT_FOUND")
	_, err = sender.watch("conversations/nothing", 0).Recv()
	refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
	_, err = sender.watch(conversation, 99).Recv()
	refused(t, err, codes.OutOfRange, "POSITION_IN_FUTURE")
}
