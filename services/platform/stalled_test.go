package platform_test

import (
	"strings"

	"github.com/google/uuid"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// together is how many handovers have the same deadline, so that several wheels
// are busy with them at once.
const together = 4

// stage is one step of a handover, and what the platform has to do once its
// time is over and nobody has taken the next.
type stage struct {
	reach  func(sender, first desk, handover string)
	brings []string
}

// stages of a handover, each reached from the one before.
var stages = []stage{
	{askConsent, []string{"HandoverReturned RETURN_REASON_CONSENT_UNANSWERED"}},
	{giveConsent, []string{"HandoverRouted", "OfferTimedOut", "HandoverReturned RETURN_REASON_PLAN_EXHAUSTED"}},
	{func(_, first desk, handover string) { first.accept(handover, "1") }, []string{"HandoverReturned RETURN_REASON_NO_JOIN"}},
	{join, []string{"HandoverReturned RETURN_REASON_BUDGET_SPENT"}},
	{openBridge, []string{"HandoverReturned RETURN_REASON_RECEIVER_DROPPED"}},
	{confirm, []string{"HandoverReturned RETURN_REASON_BUDGET_SPENT"}},
	{agree, []string{"CustodyTransferred", "SenderLeft", "OutcomeOverdue 1", "OutcomeOverdue 2", "OutcomeReported OUTCOME_MISSING"}},
}

func askConsent(sender, _ desk, handover string) {
	sender.done(sender.Intake.AskConsent(sender.ctx, &intakev1.AskConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: introAndLine}))
}

// giveConsent, and a person of the asked line, which is staffed, sees the offer.
func giveConsent(sender, first desk, handover string) {
	sender.staffed()
	sender.done(sender.Intake.GiveConsent(sender.ctx, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: introAndLine}))
	sender.settle()
	first.acknowledge(handover+"/offers/1", offerAlerting)
}

func join(_, first desk, handover string) {
	first.done(first.Routing.JoinHandover(first.ctx, &routingv1.JoinHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Participant: "aksel"}))
}

func openBridge(sender, _ desk, handover string) {
	sender.done(sender.Routing.OpenBridge(sender.ctx, &routingv1.OpenBridgeRequest{RequestId: uuid.NewString(), Handover: handover, Participant: "mina"}))
}

func confirm(_, first desk, handover string) {
	first.done(first.Routing.ConfirmHandover(first.ctx, &routingv1.ConfirmHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Participant: "aksel"}))
}

func agree(sender, _ desk, handover string) {
	sender.done(sender.Intake.AgreeToHandover(sender.ctx, &intakev1.AgreeToHandoverRequest{RequestId: uuid.NewString(), Handover: handover}))
	sender.settle()
}

// stall brings handovers to a standstill at every stage, and says by subject
// what the platform has to do about each.
func (f *fleet) stall() map[string][]string {
	f.t.Helper()
	sender, first, expected := f.desk("sender"), f.desk("first"), map[string][]string{}
	for last := range stages {
		for range together {
			conversation := sender.open()
			handover := sender.propose(conversation, "first")
			for _, s := range stages[:last+1] {
				s.reach(sender, first, handover)
			}
			expected[subjectOf(conversation)] = stages[last].brings
		}
	}
	return expected
}

// subjectOf is where the log has a conversation.
func subjectOf(conversation string) string {
	return eventlog.ConversationSubject(strings.TrimPrefix(conversation, "conversations/"))
}

// kind is an event's name, with the numbers and codes that tell it from others
// of its name.
func kind(e *eventv1.Event) string {
	what := event.What(e).ProtoReflect()
	name := string(what.Descriptor().Name())
	for _, field := range []protoreflect.Name{"reason", "escalation", "outcome"} {
		d := what.Descriptor().Fields().ByName(field)
		switch {
		case d == nil:
		case d.Enum() != nil:
			name += " " + string(d.Enum().Values().ByNumber(what.Get(d).Enum()).Name())
		default:
			name += " " + what.Get(d).String()
		}
	}
	return name
}
