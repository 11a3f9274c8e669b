package apitest

import (
	"github.com/google/uuid"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/sealtest"
)

func AskConsent(sender, _ Desk, handover string) {
	sender.Recorded(sender.Intake.AskConsent(sender.Ctx, &intakev1.AskConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: IntroAndLine}))
}

// GiveConsent records the child's consent, and a person at the asked line, which is staffed,
// sees the offer.
func GiveConsent(sender, first Desk, handover string) {
	sender.Staff()
	sender.Recorded(sender.Intake.GiveConsent(sender.Ctx, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: IntroAndLine}))
	sender.Settle()
	first.Acknowledge(handover+"/offers/1", OfferAlerting)
}

func Join(_, first Desk, handover string) {
	first.Receive(handover)
}

func OpenBridge(sender, _ Desk, handover string) {
	sender.OpenBridge(handover)
}

func Confirm(_, first Desk, handover string) {
	first.Confirm(handover)
}

func Agree(sender, _ Desk, handover string) {
	sender.Agree(handover)
}

// Kind is an event's name, with the numbers and codes that distinguish it from others of that
// name.
func Kind(e *eventv1.Event) string {
	what := event.What(e).ProtoReflect()
	name := string(what.Descriptor().Name())
	for _, field := range []protoreflect.Name{"reason", "escalation", "outcome"} {
		d := what.Descriptor().Fields().ByName(field)
		switch {
		case d == nil || d.Enum() != nil && what.Get(d).Enum() == 0:
		case d.Enum() != nil:
			name += " " + string(d.Enum().Values().ByNumber(what.Get(d).Enum()).Name())
		default:
			name += " " + what.Get(d).String()
		}
	}
	return name
}

func (d Desk) Cancel(handover string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Recorded(d.Routing.CancelHandover(d.Ctx, &routingv1.CancelHandoverRequest{
		RequestId: uuid.NewString(), Handover: handover, Reason: handoverv1.CancelReason_CANCEL_REASON_NOT_NEEDED,
	}))
}

func (d Desk) GetConversation(name string) *intakev1.Conversation {
	d.T.Helper()
	d.Settle()
	return Must[*intakev1.Conversation](d.T)(d.Intake.GetConversation(d.Ctx, &intakev1.GetConversationRequest{Name: name}))
}

func (d Desk) Answer(conversation, who string) (*handoverv1.Recorded, error) {
	return Placed(d.Routing.AnswerLeg(d.Ctx, &routingv1.AnswerLegRequest{RequestId: uuid.NewString(), Conversation: conversation, Participant: who}))
}

// Ringing brings a conversation to the point where the child's call rings.
func (w *World) Ringing() (sender Desk, conversation string) {
	w.T.Helper()
	sender = w.Desk("sender")
	conversation = sender.OpenConversation()
	Must[*Claimed](w.T)(sender.Claim(sender.Issue(sender.ToPhone(conversation)).Digits))
	return sender, conversation
}

func Signposting(handover string) *routingv1.SignpostHandoverRequest {
	return &routingv1.SignpostHandoverRequest{
		RequestId: uuid.NewString(), Handover: handover, ToLine: "lines/first", Reason: handoverv1.SignpostReason_SIGNPOST_REASON_CHILD_PREFERS,
	}
}

// Bridged brings a conversation to the point where messages pass.
func (w *World) Bridged() (sender, first Desk, conversation, handover string) {
	w.T.Helper()
	sender, first = w.Desk("sender"), w.Desk("first")
	conversation, handover = sender.Offered("first")
	first.Accept(handover, "1")
	sender.Bridge(first, handover)
	return sender, first, conversation, handover
}

// Words are the messages of a conversation as a line reads them from the start.
func (d Desk) Words(conversation string) (words []string) {
	d.T.Helper()
	state := Must[*intakev1.Conversation](d.T)(d.Intake.GetConversation(d.Ctx, &intakev1.GetConversationRequest{Name: conversation}))
	stream := d.WatchConversation(conversation, 0)
	for n := uint32(0); n < state.MessageCount; {
		response := Must[*intakev1.WatchConversationResponse](d.T)(stream.Recv())
		for _, e := range response.Events {
			if e.GetMessageSent() != nil {
				n++
			}
		}
		for _, m := range response.Messages {
			words = append(words, sealtest.Words(m.Sealed))
		}
	}
	return words
}

// Desks are one line's, each at another routing service.
type Desks []Desk
