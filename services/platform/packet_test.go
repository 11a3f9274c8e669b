package platform_test

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

func (d desk) openPacket(handover string) (*intakev1.OpenPacketResponse, error) {
	return d.Intake.OpenPacket(d.ctx, &intakev1.OpenPacketRequest{RequestId: uuid.NewString(), Handover: handover})
}

// commitments are those that the log has of a conversation's packet parts and
// messages.
func (w *world) commitments(conversation string) (all [][]byte) {
	w.t.Helper()
	for _, s := range w.replay(&auditv1.ReplayCommitsRequest{Conversation: conversation}).appends {
		for _, e := range s.Commit.Events {
			if c := e.GetPacketSealed().GetCommitment(); c != nil {
				all = append(all, c)
			}
			if c := e.GetMessageSent().GetCommitment(); c != nil {
				all = append(all, c)
			}
		}
	}
	return all
}

func committed(all [][]byte, salt, sealed []byte) bool {
	sum := sha256.Sum256(slices.Concat(salt, sealed))
	return slices.ContainsFunc(all, func(c []byte) bool { return bytes.Equal(c, sum[:]) })
}

// TestThePacketOpensToTheLineThatAccepted, in its time, as far as the child
// agreed.
func TestThePacketOpensToTheLineThatAccepted(t *testing.T) {
	w := newWorld(t)
	sender, first, second, third := w.desk("sender"), w.desk("first"), w.desk("second"), w.desk("third")
	conversation, handover := sender.offered("first", "second")
	closedTo := func(when string, lines ...desk) {
		t.Helper()
		for _, d := range lines {
			t.Logf("%s, to %s", when, d.line)
			_, err := d.openPacket(handover)
			refused(t, err, codes.PermissionDenied, "PACKET_CLOSED")
		}
	}
	closedTo("offered", sender, first, second, third)
	first.decline(handover, "1")
	closedTo("declined", sender, first, second, third)
	second.accept(handover, "2")
	closedTo("accepted", sender, first, third)
	packet := must[*intakev1.OpenPacketResponse](t)(second.openPacket(handover))
	if len(packet.Parts) != 1 || packet.Parts[0].Part != handoverv1.Scope_SCOPE_ONE_LINE || string(packet.Parts[0].Sealed) != "one line" {
		t.Fatalf("the packet has %v, want the one line alone: the child did not agree to the summary", packet.Parts)
	}
	if !committed(w.commitments(conversation), packet.Parts[0].Salt, packet.Parts[0].Sealed) {
		t.Error("the log has no commitment to it")
	}
	sender.done(sender.Routing.CancelHandover(w.ctx, &routingv1.CancelHandoverRequest{
		RequestId: uuid.NewString(), Handover: handover, Reason: handoverv1.CancelReason_CANCEL_REASON_MISTAKE,
	}))
	closedTo("cancelled", sender, first, second, third)
}

func TestAPacketThatConsentDoesNotCover(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	handover := sender.propose(sender.open(), "first")
	intro := introAndLine[:1]
	sender.done(sender.Intake.AskConsent(w.ctx, &intakev1.AskConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: introAndLine}))
	sender.done(sender.Intake.GiveConsent(w.ctx, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: intro}))
	w.settle()
	first.accept(handover, "1")
	_, err := first.openPacket(handover)
	refused(t, err, codes.NotFound, "PACKET_MISSING")
}

func TestAReplacedPart(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	handover := sender.propose(sender.open(), "first")
	sender.done(sender.Intake.SealPacket(w.ctx, &intakev1.SealPacketRequest{
		RequestId: uuid.NewString(), Handover: handover, Part: handoverv1.Scope_SCOPE_ONE_LINE, Sealed: []byte("better"),
	}))
	sender.consent(handover)
	first.accept(handover, "1")
	packet := must[*intakev1.OpenPacketResponse](t)(first.openPacket(handover))
	if len(packet.Parts) != 1 || string(packet.Parts[0].Sealed) != "better" {
		t.Errorf("the packet has %v, want the newest line", packet.Parts)
	}
}

func TestOpenedAgainByTheSameRequest(t *testing.T) {
	w := newWorld(t)
	first := w.desk("first")
	_, handover := w.desk("sender").offered("first")
	first.accept(handover, "1")
	request := &intakev1.OpenPacketRequest{RequestId: uuid.NewString(), Handover: handover}
	once := must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.ctx, request))
	last := w.last()
	again := must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.ctx, request))
	if !proto.Equal(once, again) || w.last() != last {
		t.Errorf("opened again: %v, want %v and nothing appended", again, once)
	}
	must[*handoverv1.Recorded](t)(w.desk("sender").Intake.WithdrawConsent(w.ctx, &intakev1.WithdrawConsentRequest{
		RequestId: uuid.NewString(), Handover: handover,
	}))
	_, err := first.Intake.OpenPacket(w.ctx, request)
	if reason := client.Reason(err); reason != "OUTSIDE_CONSENT" && reason != "PACKET_CLOSED" {
		t.Errorf("after the child took its yes back the packet opens, or not because of %q", reason)
	}
}

// bridged brings a conversation so far that words pass.
func (w *world) bridged() (sender, first desk, conversation, handover string) {
	w.t.Helper()
	sender, first = w.desk("sender"), w.desk("first")
	conversation, handover = sender.offered("first")
	first.accept(handover, "1")
	sender.bridge(first, handover)
	return sender, first, conversation, handover
}

// words are the messages of a conversation as a line reads them from the start.
func (d desk) words(conversation string) (words []string) {
	d.t.Helper()
	state := must[*handoverv1.Conversation](d.t)(d.Intake.GetConversation(d.ctx, &intakev1.GetConversationRequest{Name: conversation}))
	stream := d.watch(conversation, 0)
	for n := uint32(0); n < state.MessageCount; {
		response := must[*intakev1.WatchConversationResponse](d.t)(stream.Recv())
		for _, e := range response.Events {
			if e.GetMessageSent() != nil {
				n++
			}
		}
		for _, m := range response.Messages {
			words = append(words, string(m.Sealed))
		}
	}
	return words
}

// TestARefusedMessageTakesNoOtherWithIt: a request id is used again by mistake,
// with the same blob.
func TestARefusedMessageTakesNoOtherWithIt(t *testing.T) {
	w := newWorld(t)
	sender, first, conversation, handover := w.bridged()
	request := &intakev1.SendMessageRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Participant: "mina",
		Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: []byte("hello"),
	}
	recorded := sender.done(sender.Intake.SendMessage(w.ctx, request))
	if again := sender.done(sender.Intake.SendMessage(w.ctx, request)); !proto.Equal(again, recorded) {
		t.Errorf("sent again: %v, want %v", again, recorded)
	}
	changed := proto.CloneOf(request)
	changed.Participant = "child"
	_, err := sender.Intake.SendMessage(w.ctx, changed)
	refused(t, err, codes.AlreadyExists, "REQUEST_ID_REUSED")
	_, err = sender.Intake.SealPacket(w.ctx, &intakev1.SealPacketRequest{
		RequestId: request.RequestId, Handover: handover, Part: handoverv1.Scope_SCOPE_ONE_LINE, Sealed: request.Sealed,
	})
	refused(t, err, codes.AlreadyExists, "REQUEST_ID_REUSED")
	if got := first.words(conversation); !slices.Equal(got, []string{"hello"}) {
		t.Errorf("the receiver reads %q, want the message that was recorded", got)
	}
}

// TestTheSameWordsTwice are two messages.
func TestTheSameWordsTwice(t *testing.T) {
	w := newWorld(t)
	sender, first, conversation, _ := w.bridged()
	for range 2 {
		sender.say(conversation, "child", "hello")
	}
	if got := first.words(conversation); !slices.Equal(got, []string{"hello", "hello"}) {
		t.Errorf("the receiver reads %q", got)
	}
	all := w.commitments(conversation)
	if last := all[len(all)-2:]; bytes.Equal(last[0], last[1]) {
		t.Error("the log tells that the same was said twice")
	}
}
