package intake_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	"github.com/stafett/stafett/pkg/event"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/sealtest"
)

// until receives up to an event of a kind and returns the kinds seen.
func until(w apitest.ConversationWatch, kind string) (kinds []string, last *intakev1.WatchConversationResponse) {
	w.T.Helper()
	for !slices.Contains(kinds, kind) {
		response, err := w.Recv()
		if err != nil {
			w.T.Fatalf("after %v: %v", kinds, err)
		}
		if response.Events == nil { // a text for the child, see child_status_test.go
			continue
		}
		if last != nil && response.Position <= last.Position {
			w.T.Errorf("position %d comes after %d", response.Position, last.Position)
		}
		kinds, last = append(kinds, event.Names(response.Events)...), response
	}
	return kinds, last
}

// end receives to the end.
func end(w apitest.ConversationWatch) (kinds []string) {
	w.T.Helper()
	for {
		response, err := w.Recv()
		if errors.Is(err, io.EOF) {
			return kinds
		}
		if err != nil {
			w.T.Fatalf("after %v: %v", kinds, err)
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
	w := apitest.NewWorld(t)
	sender, first, second := w.Desk("sender"), w.Desk("first"), w.Desk("second")
	conversation, handover := sender.Offered("first", "second")
	senders := sender.WatchConversation(conversation, 0)
	seen, _ := until(senders, "OfferSent")
	sees(t, "the sender", seen, "ConversationOpened", "CustodyOpened", "ParticipantJoined", "ParticipantJoined",
		"HandoverProposed", "PacketSealed", "PacketSealed", "ConsentAsked", "ConsentGiven", "HandoverRouted", "OfferSent")
	for name, d := range map[string]apitest.Desk{"the asked line": first, "another line": w.Desk("third")} {
		_, err := d.WatchConversation(conversation, 0).Recv()
		t.Log(name)
		apitest.WantRefusal(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
	}
	first.Decline(handover, "1")
	accepted := second.Accept(handover, "2")
	receivers := second.WatchConversation(conversation, accepted.Position-1)
	seen, _ = until(senders, "OfferAccepted")
	sees(t, "the sender", seen, "OfferDeclined", "OfferSent", "OfferAccepted")
	sender.Bridge(second, handover)
	sender.Say(conversation, "child", "hello")
	second.Say(conversation, "aksel", "hi")
	for name, stream := range map[string]apitest.ConversationWatch{"the sender": senders, "the receiver": receivers} {
		before := []string{"ReceiverJoined", "BridgeOpened", "MessageSent"}
		if name == "the receiver" {
			before = append([]string{"OfferAccepted"}, before...)
		}
		seen, last := until(stream, "MessageSent")
		sees(t, name, seen, before...)
		if len(last.Messages) != 1 || sealtest.Words(last.Messages[0].Sealed) != "hello" || last.Messages[0].Message != 1 {
			t.Errorf("%s got %v, want the first message", name, last.Messages)
		}
		_, last = until(stream, "MessageSent")
		if len(last.Messages) != 1 || sealtest.Words(last.Messages[0].Sealed) != "hi" || last.Messages[0].Message != 2 {
			t.Errorf("%s got %v, want the second message", name, last.Messages)
		}
	}
	sender.Transfer(second, handover)
	w.Leave(sender, handover)
	second.CloseConversation(conversation)
	sees(t, "the sender", end(senders), "ReceiverConfirmed", "ChildAgreed", "CustodyTransferred", "SenderLeft", "ConversationClosed", "CustodyClosed")
	sees(t, "the receiver", end(receivers), "ReceiverConfirmed", "ChildAgreed", "CustodyTransferred", "SenderLeft", "ConversationClosed", "CustodyClosed")
	sees(t, "the receiver, afterwards,", end(second.WatchConversation(conversation, 0)), "OfferAccepted", "ReceiverJoined", "BridgeOpened", "MessageSent", "MessageSent",
		"ReceiverConfirmed", "ChildAgreed", "CustodyTransferred", "SenderLeft", "ConversationClosed", "CustodyClosed")
	_, err := first.WatchConversation(conversation, 0).Recv()
	apitest.WantRefusal(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
}

// TestAFailedReceiverSeesNoMore: it does not see what came after its time.
func TestAFailedReceiverSeesNoMore(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation, handover := sender.Offered("first")
	accepted := first.Accept(handover, "1")
	live := first.WatchConversation(conversation, accepted.Position)
	sender.Recorded(sender.Intake.WithdrawConsent(w.Ctx, &intakev1.WithdrawConsentRequest{RequestId: uuid.NewString(), Handover: handover}))
	w.Settle()
	sender.CloseConversation(conversation)
	sees(t, "live, the receiver", end(live), "ConsentWithdrawn", "HandoverReturned")
	sees(t, "afterwards, it", end(first.WatchConversation(conversation, 0)), "OfferAccepted", "ConsentWithdrawn", "HandoverReturned")
}

func TestAWatchIsResumed(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	_, opened := until(sender.WatchConversation(conversation, 0), "ConversationOpened")
	handover := sender.Propose(conversation, "first")
	sender.CloseConversation(sender.OpenConversation()) // another conversation's appends lie between
	sender.Consent(handover)
	seen, routed := until(sender.WatchConversation(conversation, opened.Position), "OfferSent")
	sees(t, "resumed, the sender", seen, "ParticipantJoined", "HandoverProposed", "PacketSealed", "PacketSealed", "ConsentAsked", "ConsentGiven", "HandoverRouted", "OfferSent")
	newest := sender.WatchConversation(conversation, routed.Position)
	w.Desk("first").Decline(handover, "1")
	seen, _ = until(newest, "OfferDeclined")
	sees(t, "resumed at the end, the sender", seen, "OfferDeclined", "HandoverReturned")
}

// TestReadYourWrites: a line that has just accepted may watch and read at once, with the
// position of the answer.
func TestReadYourWrites(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	for range 10 {
		conversation, handover := sender.Offered("first")
		accepted := first.Accept(handover, "1")
		if _, err := first.Intake.GetConversation(w.Ctx, &intakev1.GetConversationRequest{Name: conversation, MinPosition: accepted.Position}); err != nil {
			t.Fatalf("GetConversation: %v", err)
		}
		conversation, handover = sender.Offered("first")
		watching := first.WatchConversation(conversation, first.Accept(handover, "1").Position)
		first.Receive(handover)
		until(watching, "ReceiverJoined")
	}
}

func TestWatchConversationRefuses(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	_, err := sender.WatchConversation("conversations/"+strings.Repeat("0", 32), 0).Recv()
	apitest.WantRefusal(t, err, codes.NotFound, "CONVERSATION_NOT_FOUND")
	_, err = sender.WatchConversation("conversations/nothing", 0).Recv()
	apitest.WantRefusal(t, err, codes.InvalidArgument, "FIELD_INVALID")
	_, err = sender.WatchConversation(conversation, 99).Recv()
	apitest.WantRefusal(t, err, codes.OutOfRange, "POSITION_IN_FUTURE")
}
