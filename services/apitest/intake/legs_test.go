package intake_test

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
	"github.com/stafett/stafett/services/apitest"
)

func TestAChatBecomesAPhoneCall(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, conversation := w.Ringing()
	waiting := sender.GetConversation(conversation)
	if leg := waiting.PendingLeg; leg.GetChannel() != apitest.Phone || leg.GetLine() != "lines/sender" || waiting.Channel != apitest.Chat {
		t.Errorf("while it rings the child waits with %v, and talks by %v", leg, waiting.Channel)
	}
	_, err := sender.Answer(conversation, "nobody")
	apitest.WantRefusal(t, err, codes.FailedPrecondition, "PARTICIPANT_ABSENT")
	sender.Took(sender.Answer(conversation, "mina"))
	moved := sender.GetConversation(conversation)
	if moved.Channel != apitest.Phone || moved.LegLine != "lines/sender" || moved.PendingLeg != nil {
		t.Errorf("once it was answered: %v", moved)
	}
	if all := apitest.Logged[*eventv1.LegMoved](w, conversation); len(all) != 1 || all[0].Channel != apitest.Phone || all[0].Participant != "mina" {
		t.Errorf("the leg moved: %v", all)
	}
	_, err = sender.Answer(conversation, "mina")
	apitest.WantRefusal(t, err, codes.FailedPrecondition, "LEG_NOT_WAITING")
}

// TestACallThatNobodyAnswers: the chat still works.
func TestACallThatNobodyAnswers(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, conversation := w.Ringing()
	w.Advance(30*time.Second - time.Nanosecond)
	if all := apitest.Logged[*eventv1.LegUnanswered](w, conversation); len(all) != 0 {
		t.Error("it stops to ring too early")
	}
	w.Advance(time.Nanosecond)
	if all := apitest.Logged[*eventv1.LegUnanswered](w, conversation); len(all) != 1 {
		t.Errorf("after 30 s: %v, want that nobody answered", all)
	}
	_, err := sender.Answer(conversation, "mina")
	apitest.WantRefusal(t, err, codes.FailedPrecondition, "LEG_NOT_WAITING")
	if c := sender.GetConversation(conversation); c.Channel != apitest.Chat || c.PendingLeg != nil || !c.Participants[0].Present {
		t.Errorf("the chat is %v", c)
	}
	apitest.Must[*apitest.Claimed](t)(sender.Claim(sender.Issue(sender.ToPhone(conversation)).Link)) // another try
	sender.Took(sender.Answer(conversation, "mina"))
	sender.CloseConversation(conversation)
}

// TestACallMovesTheRelayedChild: after the change of hands the sender still holds the child's
// leg, until the child calls the receiver.
func TestACallMovesTheRelayedChild(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation := sender.OpenConversation()
	apitest.MoveCustody(w, conversation)
	_, err := sender.Routing.IssueTicket(w.Ctx, sender.ToPhone(conversation))
	apitest.WantRefusal(t, err, codes.PermissionDenied, "CUSTODY_NOT_YOURS")
	if c := first.GetConversation(conversation); c.LegLine != "lines/sender" {
		t.Fatalf("the leg is at %s, want the sender", c.LegLine)
	}
	apitest.Must[*apitest.Claimed](t)(first.Claim(first.Issue(first.ToPhone(conversation)).Digits))
	first.Took(first.Answer(conversation, "aksel"))
	c := first.GetConversation(conversation)
	at := slices.IndexFunc(c.Participants, func(p *intakev1.Participant) bool { return p.Role == handoverv1.Role_ROLE_CHILD })
	if c.LegLine != "lines/first" || c.Channel != apitest.Phone || c.Participants[at].Line != "lines/first" {
		t.Errorf("the child is with %s by %v, at %v", c.LegLine, c.Channel, c.Participants[at])
	}
}

// TestSignposted: the child goes by itself and shows where it comes from.
func TestSignposted(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation := sender.OpenConversation()
	handover := sender.Propose(conversation)
	toFirst := &routingv1.IssueTicketRequest{RequestId: uuid.NewString(), Conversation: conversation, ToLine: "lines/first", Channel: apitest.Chat}
	_, err := sender.Routing.IssueTicket(w.Ctx, toFirst)
	apitest.WantRefusal(t, err, codes.FailedPrecondition, "NOT_SIGNPOSTED")
	sender.Recorded(sender.Routing.SignpostHandover(w.Ctx, apitest.Signposting(handover)))
	ticket := sender.Issue(toFirst)
	if lives := ticket.ExpireTime.AsTime().Sub(w.Clock.Now()); lives != 24*time.Hour {
		t.Errorf("it lives for %v, want a day", lives)
	}
	w.Advance(20 * time.Hour)
	use := apitest.ClaimWith(ticket.Link)
	arrived := apitest.Must[*apitest.Claimed](t)(first.Routing.ClaimTicket(w.Ctx, use))
	if arrived.Kind != handoverv1.TicketKind_TICKET_KIND_SIGNPOST || arrived.CustodyLine != "lines/sender" || arrived.Header.GetLanguageCode() != "nb" || arrived.AnswerDeadline != nil {
		t.Errorf("the line learns %v", arrived)
	}
	if h := w.WantState(handover, handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED); !h.SignpostArrived || h.SignpostLine != "lines/first" {
		t.Errorf("the sender learns %v", h)
	}
	sender.CloseConversation(conversation)
	if again := apitest.Must[*apitest.Claimed](t)(first.Routing.ClaimTicket(w.Ctx, use)); !proto.Equal(again, arrived) {
		t.Errorf("asked again it is answered %v, was %v", again, arrived)
	}
	_, err = first.Intake.GetConversation(w.Ctx, &intakev1.GetConversationRequest{Name: conversation})
	apitest.WantRefusal(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
}
