package apitest

import (
	"slices"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/sealtest"
)

// Desk is a line's own system.
type Desk struct {
	*client.Platform
	*World
	Line string
}

func (w *World) Desk(line string) Desk {
	w.T.Helper()
	return Desk{w.Peer(identity.Line, line), w, line}
}

// Response is the answer to a command.
type Response interface{ GetRecorded() *handoverv1.Recorded }

// Placed is where an answered command was recorded.
func Placed(answer Response, err error) (*handoverv1.Recorded, error) {
	if err != nil {
		return nil, err
	}
	return answer.GetRecorded(), nil
}

// Took takes where a command was recorded that must be.
func (d Desk) Took(at *handoverv1.Recorded, err error) *handoverv1.Recorded {
	d.T.Helper()
	return Must[*handoverv1.Recorded](d.T)(at, err)
}

// Recorded returns the answer to a command that must be recorded.
func (d Desk) Recorded(answer Response, err error) *handoverv1.Recorded {
	d.T.Helper()
	return Must[Response](d.T)(answer, err).GetRecorded()
}

// OpenConversation opens a conversation with a counsellor in it and returns its name.
func (d Desk) OpenConversation() string {
	d.T.Helper()
	opened := d.Recorded(d.Intake.OpenConversation(d.Ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child",
	}))
	d.Recorded(d.Intake.JoinConversation(d.Ctx, &intakev1.JoinConversationRequest{
		RequestId: uuid.NewString(), Conversation: opened.Name, Participant: "mina", Role: handoverv1.Role_ROLE_COUNSELLOR,
	}))
	return opened.Name
}

// Propose begins a handover to candidates, after staffing them, with a packet of two parts.
func (d Desk) Propose(conversation string, candidates ...string) string {
	d.T.Helper()
	d.Staff()
	for i, line := range candidates {
		candidates[i] = "lines/" + line
	}
	handover := d.Recorded(d.Routing.ProposeHandover(d.Ctx, &routingv1.ProposeHandoverRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Candidates: candidates,
	})).Name
	for part, sealed := range map[handoverv1.Scope]string{handoverv1.Scope_SCOPE_ONE_LINE: "one line", handoverv1.Scope_SCOPE_SUMMARY: "summary"} {
		d.Recorded(d.Intake.SealPacket(d.Ctx, &intakev1.SealPacketRequest{
			RequestId: uuid.NewString(), Handover: handover, Part: part, Sealed: sealtest.Blob(sealed),
		}))
	}
	return handover
}

var IntroAndLine = []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_ONE_LINE}

// Consent records the child's consent to an introduction to one line.
func (d Desk) Consent(handover string) {
	d.T.Helper()
	d.Recorded(d.Intake.AskConsent(d.Ctx, &intakev1.AskConsentRequest{
		RequestId: uuid.NewString(), Handover: handover, Scopes: append(slices.Clone(IntroAndLine), handoverv1.Scope_SCOPE_SUMMARY),
	}))
	d.Recorded(d.Intake.GiveConsent(d.Ctx, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: IntroAndLine}))
	d.Settle()
}

// Offered brings a handover to the point where the first candidate is asked.
func (d Desk) Offered(candidates ...string) (conversation, handover string) {
	d.T.Helper()
	conversation = d.OpenConversation()
	handover = d.Propose(conversation, candidates...)
	d.Consent(handover)
	return conversation, handover
}

func (d Desk) CloseConversation(conversation string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Recorded(d.Intake.CloseConversation(d.Ctx, &intakev1.CloseConversationRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED,
	}))
}

// Bridge brings sender, receiver and child together.
func (d Desk) Bridge(receiver Desk, handover string) {
	d.T.Helper()
	receiver.Receive(handover)
	d.OpenBridge(handover)
}

// Transfer moves custody over the bridge.
func (d Desk) Transfer(receiver Desk, handover string) {
	d.T.Helper()
	receiver.Confirm(handover)
	d.Agree(handover)
}

func (d Desk) Say(conversation, participant, words string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Recorded(d.Intake.SendMessage(d.Ctx, &intakev1.SendMessageRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Participant: participant,
		Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: sealtest.Blob(words),
	}))
}
