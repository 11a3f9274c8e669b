package platform_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

func (d desk) conversation(name string) *handoverv1.Conversation {
	d.t.Helper()
	d.settle()
	return must[*handoverv1.Conversation](d.t)(d.Intake.GetConversation(d.ctx, &intakev1.GetConversationRequest{Name: name}))
}

func (d desk) answer(conversation, who string) (*handoverv1.Recorded, error) {
	return d.Routing.AnswerLeg(d.ctx, &routingv1.AnswerLegRequest{RequestId: uuid.NewString(), Conversation: conversation, Participant: who})
}

// rings brings a conversation so far that the child's call waits.
func (w *world) rings() (sender desk, conversation string) {
	w.t.Helper()
	sender = w.desk("sender")
	conversation = sender.open()
	must[*claimed](w.t)(sender.claim(sender.issue(sender.toPhone(conversation)).Digits))
	return sender, conversation
}

func TestAChatBecomesAPhoneCall(t *testing.T) {
	w := newWorld(t)
	sender, conversation := w.rings()
	waiting := sender.conversation(conversation)
	if leg := waiting.PendingLeg; leg.GetChannel() != phone || leg.GetLine() != "sender" || waiting.Channel != chat {
		t.Errorf("while it rings the child waits with %v, and talks by %v", leg, waiting.Channel)
	}
	_, err := sender.answer(conversation, "nobody")
	refused(t, err, codes.FailedPrecondition, "PARTICIPANT_ABSENT")
	sender.done(sender.answer(conversation, "mina"))
	moved := sender.conversation(conversation)
	if moved.Channel != phone || moved.LegLine != "sender" || moved.PendingLeg != nil {
		t.Errorf("once it was answered: %v", moved)
	}
	if all := logged[*eventv1.LegMoved](w, conversation); len(all) != 1 || all[0].Channel != phone || all[0].Participant != "mina" {
		t.Errorf("the leg moved: %v", all)
	}
	_, err = sender.answer(conversation, "mina")
	refused(t, err, codes.FailedPrecondition, "LEG_NOT_WAITING")
}

// TestACallThatNobodyAnswers: the chat works on.
func TestACallThatNobodyAnswers(t *testing.T) {
	w := newWorld(t)
	sender, conversation := w.rings()
	w.pass(30*time.Second - time.Nanosecond)
	if all := logged[*eventv1.LegUnanswered](w, conversation); len(all) != 0 {
		t.Error("it stops to ring too early")
	}
	w.pass(time.Nanosecond)
	if all := logged[*eventv1.LegUnanswered](w, conversation); len(all) != 1 {
		t.Errorf("after 30 s: %v, want that nobody answered", all)
	}
	_, err := sender.answer(conversation, "mina")
	refused(t, err, codes.FailedPrecondition, "LEG_NOT_WAITING")
	if c := sender.conversation(conversation); c.Channel != chat || c.PendingLeg != nil || !c.Participants[0].Present {
		t.Errorf("the chat is %v", c)
	}
	must[*claimed](t)(sender.claim(sender.issue(sender.toPhone(conversation)).Link)) // another try
	sender.done(sender.answer(conversation, "mina"))
	sender.close(conversation)
}

// TestACallMovesTheRelayedChild: after the change of hands the child's leg is
// still at the sender, until it calls the receiver.
func TestACallMovesTheRelayedChild(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	conversation := sender.open()
	moves(w, conversation)
	_, err := sender.Routing.IssueTicket(w.ctx, sender.toPhone(conversation))
	refused(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
	if c := first.conversation(conversation); c.LegLine != "sender" {
		t.Fatalf("the leg is at %s, want the sender", c.LegLine)
	}
	must[*claimed](t)(first.claim(first.issue(first.toPhone(conversation)).Digits))
	first.done(first.answer(conversation, "aksel"))
	c := first.conversation(conversation)
	at := slices.IndexFunc(c.Participants, func(p *handoverv1.Participant) bool { return p.Role == handoverv1.Role_ROLE_CHILD })
	if c.LegLine != "first" || c.Channel != phone || c.Participants[at].Line != "first" {
		t.Errorf("the child is with %s by %v, at %v", c.LegLine, c.Channel, c.Participants[at])
	}
}

// TestSignposted: the child goes by itself and shows where it comes from.
func TestSignposted(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	conversation := sender.open()
	handover := sender.propose(conversation)
	toFirst := &routingv1.IssueTicketRequest{RequestId: uuid.NewString(), Conversation: conversation, ToLine: "lines/first", Channel: chat}
	_, err := sender.Routing.IssueTicket(w.ctx, toFirst)
	refused(t, err, codes.InvalidArgument, "FIELD_INVALID")
	sender.done(sender.Routing.SignpostHandover(w.ctx, signposting(handover)))
	ticket := sender.issue(toFirst)
	if lives := ticket.ExpireTime.AsTime().Sub(w.clock.Now()); lives != 24*time.Hour {
		t.Errorf("it lives for %v, want a day", lives)
	}
	w.pass(20 * time.Hour)
	use := using(ticket.Link)
	arrived := must[*claimed](t)(first.Routing.ClaimTicket(w.ctx, use))
	if arrived.Kind != handoverv1.TicketKind_TICKET_KIND_SIGNPOST || arrived.CustodyLine != "sender" || arrived.Header.GetLanguage() != "nb" || arrived.AnswerDeadline != nil {
		t.Errorf("the line learns %v", arrived)
	}
	if h := w.stands(handover, handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED); !h.SignpostArrived || h.SignpostLine != "first" {
		t.Errorf("the sender learns %v", h)
	}
	sender.close(conversation)
	if again := must[*claimed](t)(first.Routing.ClaimTicket(w.ctx, use)); !proto.Equal(again, arrived) {
		t.Errorf("asked again it is answered %v, was %v", again, arrived)
	}
	_, err = first.Intake.GetConversation(w.ctx, &intakev1.GetConversationRequest{Name: conversation})
	refused(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
}

func signposting(handover string) *routingv1.SignpostHandoverRequest {
	return &routingv1.SignpostHandoverRequest{
		RequestId: uuid.NewString(), Handover: handover, ToLine: "lines/first", Reason: handoverv1.SignpostReason_SIGNPOST_REASON_CHILD_PREFERS,
	}
}
