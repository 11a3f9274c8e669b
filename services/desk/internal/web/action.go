package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/desk/internal/line"
	"github.com/stafett/stafett/services/desk/internal/signin"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

// action is a form that one of the staff sent.
type action struct {
	server           *Server
	request          *http.Request
	who              signin.Person
	id, short, offer string
	view             line.View
	known            bool
}

// verbs are what staff can do. All but those in anybody need the person to be in the conversation.
var verbs = map[string]func(action) error{
	"say": action.say, "beside": action.beside, "take": action.take, "accept": action.accept, "decline": action.decline,
	"tag": action.tag, "untag": action.untag, "risk": action.risk, "duty": action.duty,
	"propose": action.propose, "ask": action.ask, "cancel": action.cancel, "decide": action.decide, "brief": action.brief, "bridge": action.bridge,
	"confirm": action.confirm, "giveback": action.giveBack, "attest": action.attest, "leave": action.leave, "takeback": action.takeBack, "outcome": action.outcome,
	"emergency": action.emergency, "met": action.met, "close": action.close, "override": action.override, "sign": action.sign, "disappeared": action.disappeared,
}

var anybody = []string{"take", "accept", "decline", "sign", "disappeared"}

func (a action) run(verb string) error {
	do, known := verbs[verb]
	if !known {
		return invalid
	}
	if !slices.Contains(anybody, verb) && !slices.Contains(a.view.Present(a.line().Name()), a.who.ID) {
		return notIn
	}
	return do(a)
}

func (a action) line() *line.Line         { return a.server.line }
func (a action) context() context.Context { return a.request.Context() }
func (a action) value(name string) string { return a.request.PostFormValue(name) }

// code reads a code that was chosen; 0, which the platform refuses, if it is not one.
func (a action) code(name string) int32 {
	n, err := strconv.ParseInt(a.value(name), 10, 32)
	if err != nil {
		return 0
	}
	return int32(n)
}

// handover is the current handover. The form names the one that it was made for: another one is not meant.
func (a action) handover() string {
	if h := a.view.Handover().GetName(); h == a.value("handover") {
		return h
	}
	return ""
}

func (a action) say() error    { return a.write(false) }
func (a action) beside() error { return a.write(true) }

func (a action) write(beside bool) error {
	written, err := text(a.request, "text", longest)
	if err != nil {
		return err
	}
	id := line.Derived(a.id, written)
	if a.view.Message(id) == nil && !a.mayWrite(beside) {
		return cannotWrite
	}
	return a.line().Say(a.view.Name, talk.Message{ID: id, From: a.who.ID, Beside: beside, Text: written})
}

// mayWrite: the person's own page lets them write there.
func (a action) mayWrite(beside bool) bool {
	d := a.server.deskOf(a.request, a.who)
	d.Views, d.Chosen = []line.View{a.view}, a.view.Name
	if beside {
		return d.Open().CanWriteBeside()
	}
	return d.Open().CanWrite()
}

func (a action) take() error { return a.line().Take(a.context(), a.id, a.view.Name, a.who.ID) }

func (a action) accept() error {
	return a.line().Accept(a.context(), a.id, a.offer, a.who.ID)
}

func (a action) decline() error {
	request := &routingv1.DeclineOfferRequest{RequestId: a.id, Offer: a.offer, Code: handoverv1.DeclineCode(a.code("code"))}
	_, err := line.Do(a.context(), a.line(), a.offer, a.line().Platform.Routing.DeclineOffer, request)
	return err
}

func (a action) tag() error {
	return a.tagged(&triagev1.TagConversationRequest{Add: []string{a.value("topic")}})
}

func (a action) untag() error {
	return a.tagged(&triagev1.TagConversationRequest{Remove: []string{a.value("topic")}})
}

func (a action) tagged(request *triagev1.TagConversationRequest) error {
	request.RequestId, request.Conversation = a.id, a.view.Name
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.line().Platform.Triage.TagConversation, request)
	return err
}

func (a action) risk() error {
	request := &triagev1.AssessRiskRequest{RequestId: a.id, Conversation: a.view.Name, Level: handoverv1.RiskLevel(a.code("risk"))}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.line().Platform.Triage.AssessRisk, request)
	return err
}

func (a action) duty() error {
	request := &triagev1.RecordDutyRequest{RequestId: a.id, Conversation: a.view.Name, Decision: handoverv1.DutyDecision(a.code("duty"))}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.line().Platform.Triage.RecordDuty, request)
	return err
}

func (a action) emergency() error {
	request := &routingv1.CallEmergencyRequest{RequestId: a.id, Conversation: a.view.Name, Service: handoverv1.EmergencyService(a.code("service")), Participant: a.who.ID}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.line().Platform.Routing.CallEmergency, request)
	return err
}

func (a action) met() error {
	request := &routingv1.ConfirmEmergencyRequest{RequestId: a.id, Conversation: a.view.Name, Participant: a.who.ID}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.line().Platform.Routing.ConfirmEmergency, request)
	return err
}

// disappeared is a supervisor's decision about a child in danger who is gone.
func (a action) disappeared() error {
	if !a.who.Supervisor {
		return notIn
	}
	request := &routingv1.DecideDisappearanceRequest{RequestId: a.id, Conversation: a.view.Name, Decision: handoverv1.DisappearanceDecision(a.code("decision")), Participant: a.who.ID}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.line().Platform.Routing.DecideDisappearance, request)
	return err
}

func (a action) close() error {
	request := &intakev1.CloseConversationRequest{RequestId: a.id, Conversation: a.view.Name, Reason: handoverv1.CloseReason(a.code("reason"))}
	_, err := line.Do(a.context(), a.line(), a.view.Name, a.line().Platform.Intake.CloseConversation, request)
	return err
}
