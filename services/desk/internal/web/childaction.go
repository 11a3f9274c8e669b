package web

import (
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/desk/internal/line"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

// childAction is a form that the child's page sent.
type childAction struct {
	server  *Server
	request *http.Request
	view    line.View
}

var childVerbs = map[string]func(childAction) error{
	"here": childAction.here, "back": childAction.here, "quick": childAction.quick, "say": childAction.say, "yes": childAction.yes, "no": childAction.no,
	"withdraw": childAction.withdraw, "agree": childAction.agree, "stay": childAction.stay, "leave": childAction.leave,
}

func (a childAction) line() *line.Line                     { return a.server.line }
func (a childAction) intake() intakev1.IntakeServiceClient { return a.line().Platform.Intake }
func (a childAction) handover() string                     { return a.view.Handover().GetName() }

// meant: the form was made for the current handover. A yes is to that one alone; a no is never too late.
func (a childAction) meant() bool { return a.request.PostFormValue("handover") == a.handover() }

func (a childAction) here() error {
	a.server.isBack(a.view)
	return nil
}

// quick keeps that the child left quickly. It ends nothing.
func (a childAction) quick() error { return a.line().QuickExit(a.view.Name, true) }

func (a childAction) say() error {
	id, err := id(a.request)
	if err != nil {
		return err
	}
	written, err := text(a.request, "text", longest)
	if err != nil {
		return err
	}
	return a.line().Say(a.view.Name, talk.Message{ID: id, From: a.view.Child, Text: written})
}

// yes records what the child agreed to, and which words it was shown.
func (a childAction) yes() error {
	id, err := id(a.request)
	if err != nil {
		return err
	}
	if !a.meant() {
		return changed
	}
	scopes := []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO}
	for _, value := range a.request.PostForm["scope"] {
		n, err := strconv.Atoi(value)
		if err != nil {
			return invalid
		}
		scopes = append(scopes, handoverv1.Scope(n))
	}
	shown, err := shown(a.request.PostFormValue("shown"), scopes)
	if err != nil {
		return err
	}
	return a.line().Agree(a.request.Context(), id, a.view, scopes, shown)
}

// shown reads the commitments of the parts that the page showed, of those that the child agreed to.
func shown(list string, scopes []handoverv1.Scope) (parts []*handoverv1.PacketPart, err error) {
	for _, one := range strings.Fields(list) {
		scope, commitment, _ := strings.Cut(one, ":")
		n, err := strconv.Atoi(scope)
		raw, wrong := hex.DecodeString(commitment)
		if err != nil || wrong != nil {
			return nil, invalid
		}
		if slices.Contains(scopes, handoverv1.Scope(n)) {
			parts = append(parts, &handoverv1.PacketPart{Part: handoverv1.Scope(n), Commitment: raw})
		}
	}
	return parts, nil
}

func (a childAction) no() error {
	id, err := id(a.request)
	if err != nil {
		return err
	}
	_, err = line.Do(a.request.Context(), a.line(), a.view.Name, a.intake().RefuseConsent, &intakev1.RefuseConsentRequest{RequestId: id, Handover: a.handover()})
	return err
}

func (a childAction) withdraw() error {
	id, err := id(a.request)
	if err != nil {
		return err
	}
	return a.line().Withdraw(a.request.Context(), id, a.view)
}

func (a childAction) agree() error {
	id, err := id(a.request)
	if err != nil {
		return err
	}
	if !a.meant() {
		return changed
	}
	_, err = line.Do(a.request.Context(), a.line(), a.view.Name, a.intake().AgreeToHandover, &intakev1.AgreeToHandoverRequest{RequestId: id, Handover: a.handover()})
	return err
}

func (a childAction) stay() error {
	id, err := id(a.request)
	if err != nil {
		return err
	}
	_, err = line.Do(a.request.Context(), a.line(), a.view.Name, a.intake().AskToStay, &intakev1.AskToStayRequest{RequestId: id, Handover: a.handover()})
	return err
}

// leave records that the child ended the chat. It may always leave.
func (a childAction) leave() error {
	id, err := id(a.request)
	if err != nil {
		return err
	}
	request := &intakev1.LeaveConversationRequest{RequestId: id, Conversation: a.view.Name, Participant: a.view.Child}
	_, err = line.Do(a.request.Context(), a.line(), a.view.Name, a.intake().LeaveConversation, request)
	return err
}
