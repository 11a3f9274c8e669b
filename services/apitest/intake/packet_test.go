package intake_test

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/sealtest"
)

func openPacket(d apitest.Desk, handover string) (*intakev1.OpenPacketResponse, error) {
	return d.Intake.OpenPacket(d.Ctx, &intakev1.OpenPacketRequest{RequestId: uuid.NewString(), Handover: handover})
}

// commitments are those in the log for a conversation's packet parts and messages.
func commitments(w *apitest.World, conversation string) (all [][]byte) {
	w.T.Helper()
	for _, s := range w.Replay(&auditv1.ReplayCommitsRequest{Conversation: conversation}).Appends {
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

// TestThePacketOpensToTheLineThatAccepted, while it may, within the child's consent.
func TestThePacketOpensToTheLineThatAccepted(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, second, third := w.Desk("sender"), w.Desk("first"), w.Desk("second"), w.Desk("third")
	conversation, handover := sender.Offered("first", "second")
	closedTo := func(when string, lines ...apitest.Desk) {
		t.Helper()
		for _, d := range lines {
			t.Logf("%s, to %s", when, d.Line)
			_, err := openPacket(d, handover)
			apitest.WantRefusal(t, err, codes.PermissionDenied, "PACKET_CLOSED")
		}
	}
	closedTo("offered", sender, first, second, third)
	first.Decline(handover, "1")
	closedTo("declined", sender, first, second, third)
	second.Accept(handover, "2")
	closedTo("accepted", sender, first, third)
	packet := apitest.Must[*intakev1.OpenPacketResponse](t)(openPacket(second, handover))
	if len(packet.Parts) != 1 || packet.Parts[0].Part != handoverv1.Scope_SCOPE_ONE_LINE || sealtest.Words(packet.Parts[0].Sealed) != "one line" {
		t.Fatalf("the packet has %v, want the one line alone: the child did not agree to the summary", packet.Parts)
	}
	if !committed(commitments(w, conversation), packet.Parts[0].Salt, packet.Parts[0].Sealed) {
		t.Error("the log has no commitment to it")
	}
	sender.Recorded(sender.Routing.CancelHandover(w.Ctx, &routingv1.CancelHandoverRequest{
		RequestId: uuid.NewString(), Handover: handover, Reason: handoverv1.CancelReason_CANCEL_REASON_MISTAKE,
	}))
	closedTo("cancelled", sender, first, second, third)
}

func TestAPacketThatConsentDoesNotCover(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	handover := sender.Propose(sender.OpenConversation(), "first")
	intro := apitest.IntroAndLine[:1]
	sender.Recorded(sender.Intake.AskConsent(w.Ctx, &intakev1.AskConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: apitest.IntroAndLine}))
	sender.Recorded(sender.Intake.GiveConsent(w.Ctx, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: intro}))
	w.Settle()
	first.Accept(handover, "1")
	_, err := openPacket(first, handover)
	apitest.WantRefusal(t, err, codes.NotFound, "PACKET_MISSING")
}

func TestAReplacedPart(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	handover := sender.Propose(sender.OpenConversation(), "first")
	sender.Recorded(sender.Intake.SealPacket(w.Ctx, &intakev1.SealPacketRequest{
		RequestId: uuid.NewString(), Handover: handover, Part: handoverv1.Scope_SCOPE_ONE_LINE, Sealed: sealtest.Blob("better"),
	}))
	sender.Consent(handover)
	first.Accept(handover, "1")
	packet := apitest.Must[*intakev1.OpenPacketResponse](t)(openPacket(first, handover))
	if len(packet.Parts) != 1 || sealtest.Words(packet.Parts[0].Sealed) != "better" {
		t.Errorf("the packet has %v, want the newest line", packet.Parts)
	}
}

// TestTheLogHasTheBucketOfABlob, and not its size.
func TestTheLogHasTheBucketOfABlob(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	handover := sender.Propose(conversation)
	for length, want := range map[int]uint32{1: 256, 252: 256, 253: 1024, 4092: 4096, 16380: 16384} {
		sender.Recorded(sender.Intake.SealPacket(w.Ctx, &intakev1.SealPacketRequest{
			RequestId: uuid.NewString(), Handover: handover, Part: handoverv1.Scope_SCOPE_SUMMARY, Sealed: sealtest.Blob(strings.Repeat("x", length)),
		}))
		all := w.Replay(&auditv1.ReplayCommitsRequest{Conversation: conversation}).Appends
		if got := all[len(all)-1].Commit.Events[0].GetPacketSealed().GetSizeBucket(); got != want {
			t.Errorf("%d letters are in bucket %d, want %d", length, got, want)
		}
	}
}

func TestOpenedAgainByTheSameRequest(t *testing.T) {
	w := apitest.NewWorld(t)
	first := w.Desk("first")
	_, handover := w.Desk("sender").Offered("first")
	first.Accept(handover, "1")
	request := &intakev1.OpenPacketRequest{RequestId: uuid.NewString(), Handover: handover}
	once := apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, request))
	last := w.LogEnd()
	again := apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, request))
	if !proto.Equal(once, again) || w.LogEnd() != last {
		t.Errorf("opened again: %v, want %v and nothing appended", again, once)
	}
	apitest.Must[*handoverv1.Recorded](t)(apitest.Placed(w.Desk("sender").Intake.WithdrawConsent(w.Ctx, &intakev1.WithdrawConsentRequest{
		RequestId: uuid.NewString(), Handover: handover,
	})))
	without := apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, request))
	if !proto.Equal(without.Recorded, once.Recorded) || len(without.Parts) > 0 {
		t.Errorf("after the child took its yes back the answer is %v, want the same without the parts", without)
	}
	if _, err := openPacket(first, handover); client.Reason(err) != "OUTSIDE_CONSENT" && client.Reason(err) != "PACKET_CLOSED" {
		t.Errorf("another request is answered %v", err)
	}
}

// TestOpenedAgainAfterTheHandover: the same request has the same answer for good.
func TestOpenedAgainAfterTheHandover(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, handover := w.Bridged()
	request := &intakev1.OpenPacketRequest{RequestId: uuid.NewString(), Handover: handover}
	once := apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, request))
	first.Confirm(handover)
	sender.Agree(handover)
	w.Leave(sender, handover)
	again := apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, request))
	if !proto.Equal(once, again) {
		t.Errorf("after the handover: %v, want %v", again, once)
	}
	first.CloseConversation(conversation)
	if last := apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, request)); !proto.Equal(once, last) {
		t.Errorf("after the conversation: %v, want %v", last, once)
	}
	if _, err := openPacket(first, handover); client.Reason(err) != "PACKET_CLOSED" {
		t.Errorf("another request is answered %v", err)
	}
}

// TestARefusedMessageTakesNoOtherWithIt: a request id is reused by mistake, with the same
// blob.
func TestARefusedMessageTakesNoOtherWithIt(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, handover := w.Bridged()
	request := &intakev1.SendMessageRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Participant: "mina",
		Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: sealtest.Blob("hello"),
	}
	recorded := sender.Recorded(sender.Intake.SendMessage(w.Ctx, request))
	if again := sender.Recorded(sender.Intake.SendMessage(w.Ctx, request)); !proto.Equal(again, recorded) {
		t.Errorf("sent again: %v, want %v", again, recorded)
	}
	changed := proto.CloneOf(request)
	changed.Participant = "child"
	_, err := sender.Intake.SendMessage(w.Ctx, changed)
	apitest.WantRefusal(t, err, codes.AlreadyExists, "REQUEST_ID_REUSED")
	_, err = sender.Intake.SealPacket(w.Ctx, &intakev1.SealPacketRequest{
		RequestId: request.RequestId, Handover: handover, Part: handoverv1.Scope_SCOPE_ONE_LINE, Sealed: request.Sealed,
	})
	apitest.WantRefusal(t, err, codes.AlreadyExists, "REQUEST_ID_REUSED")
	if got := first.Words(conversation); !slices.Equal(got, []string{"hello"}) {
		t.Errorf("the receiver reads %q, want the message that was recorded", got)
	}
}

// TestTheSameWordsTwice are two messages.
func TestTheSameWordsTwice(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, _ := w.Bridged()
	for range 2 {
		sender.Say(conversation, "child", "hello")
	}
	if got := first.Words(conversation); !slices.Equal(got, []string{"hello", "hello"}) {
		t.Errorf("the receiver reads %q", got)
	}
	all := commitments(w, conversation)
	if last := all[len(all)-2:]; bytes.Equal(last[0], last[1]) {
		t.Error("the log tells that the same was said twice")
	}
}
