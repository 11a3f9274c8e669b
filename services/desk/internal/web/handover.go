package web

import (
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/line"
)

func (a action) routing() routingv1.RoutingServiceClient { return a.line().Platform.Routing }
func (a action) intake() intakev1.IntakeServiceClient    { return a.line().Platform.Intake }

// propose prepares a handover to the line that somebody chose, or to all that suit the child, by rank.
func (a action) propose() error {
	request := &routingv1.ProposeHandoverRequest{RequestId: a.id, Conversation: a.view.Name}
	if named := a.value("line"); named != "" {
		request.Candidates = []string{named}
	}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.routing().ProposeHandover, request)
	return err
}

const oneLine, summary = 280, 1000

// ask seals what was agreed with the child, and then asks it for exactly that.
func (a action) ask() error {
	scopes := []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO}
	for _, part := range []struct {
		field string
		scope handoverv1.Scope
		most  int
	}{{"one_line", handoverv1.Scope_SCOPE_ONE_LINE, oneLine}, {"summary", handoverv1.Scope_SCOPE_SUMMARY, summary}} {
		if a.value(part.field) == "" {
			continue
		}
		written, err := text(a.request, part.field, part.most)
		if err != nil {
			return err
		}
		if err := a.line().SealPart(a.context(), line.Derived(a.id, part.field+"\x00"+written), a.handover(), part.scope, written); err != nil {
			return err
		}
		scopes = append(scopes, part.scope)
	}
	request := &intakev1.AskConsentRequest{RequestId: a.id, Handover: a.handover(), Scopes: append(scopes, handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME)}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.intake().AskConsent, request)
	return err
}

func (a action) cancel() error {
	request := &routingv1.CancelHandoverRequest{RequestId: a.id, Handover: a.handover(), Reason: handoverv1.CancelReason(a.code("reason"))}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.routing().CancelHandover, request)
	return err
}

func (a action) decide() error {
	request := &routingv1.DecideHandoverRequest{RequestId: a.id, Handover: a.handover(), Decision: handoverv1.SenderDecision(a.code("decision"))}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.routing().DecideHandover, request)
	return err
}

func (a action) brief() error {
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.routing().StartBriefing, &routingv1.StartBriefingRequest{RequestId: a.id, Handover: a.handover()})
	return err
}

func (a action) bridge() error {
	request := &routingv1.OpenBridgeRequest{RequestId: a.id, Handover: a.handover(), Participant: a.who.ID}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.routing().OpenBridge, request)
	return err
}

func (a action) confirm() error {
	request := &routingv1.ConfirmHandoverRequest{RequestId: a.id, Handover: a.handover(), Participant: a.who.ID}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.routing().ConfirmHandover, request)
	return err
}

// giveBack declines an offer that the line had accepted.
func (a action) giveBack() error {
	for _, offer := range a.view.Handover().GetOffers() {
		if offer.Line == a.line().Name() && offer.State == handoverv1.OfferState_OFFER_STATE_ACCEPTED && a.handover() != "" {
			a.offer = offer.Name
		}
	}
	return a.decline()
}

func (a action) attest() error {
	request := &routingv1.AttestAgreementRequest{RequestId: a.id, Handover: a.handover(), Reason: handoverv1.AttestReason(a.code("reason"))}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.routing().AttestAgreement, request)
	return err
}

func (a action) leave() error {
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.routing().LeaveHandover, &routingv1.LeaveHandoverRequest{RequestId: a.id, Handover: a.handover()})
	return err
}

func (a action) takeBack() error {
	request := &routingv1.TakeBackRequest{RequestId: a.id, Handover: a.handover(), Participant: a.who.ID, Reason: handoverv1.ReverseReason_REVERSE_REASON_CHILD_ASKED}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.routing().TakeBack, request)
	return err
}

func (a action) outcome() error {
	request := &routingv1.ReportOutcomeRequest{RequestId: a.id, Handover: a.handover(), Outcome: handoverv1.Outcome(a.code("outcome"))}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.routing().ReportOutcome, request)
	return err
}

// override asks a second person, who signs on their own page.
func (a action) override() error {
	if second, known := a.server.sign.Person(a.value("second")); !known || second == a.who {
		return invalid
	}
	return a.line().AskToOverride(a.context(), line.Override{
		Handover: a.handover(), Conversation: a.view.Name, Code: handoverv1.OverrideCode(a.code("code")), By: a.who.ID, For: a.value("second"),
	})
}

func (a action) sign() error {
	return a.line().SignOverride(a.context(), a.id, a.value("handover"), a.who.ID)
}
