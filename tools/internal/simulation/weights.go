package simulation

import (
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover/command"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// weight is how often a command is drawn, relative to the others.
type weight struct {
	// during a handover, in the states that allow the command.
	during int
	// together, once its lines have met.
	together int
	// between or after handovers.
	between int
	// anytime, whatever the state, and afterwards, once the conversation has closed.
	anytime, afterwards int
}

// usual is the weight of a command about a handover, aside that of any other.
var (
	usual = weight{during: 100, between: 80, afterwards: 1}
	aside = weight{together: 3, between: 5, anytime: 6, afterwards: 1}
)

// unusual are the commands that would keep most schedules from getting far, or that would
// hardly ever occur, if they were drawn as often as others.
var unusual = weighed(map[proto.Message]weight{
	&intakev1.OpenConversationRequest{}:      {},
	&intakev1.JoinConversationRequest{}:      {anytime: 30},
	&intakev1.LeaveConversationRequest{}:     {together: 1, anytime: 6},
	&intakev1.DisconnectParticipantRequest{}: {together: 10, anytime: 20},
	&intakev1.SendMessageRequest{}:           {together: 20, anytime: 8, afterwards: 5},
	&intakev1.CloseConversationRequest{}:     {together: 2, between: 28, afterwards: 6},
	&triagev1.TagConversationRequest{}:       {between: 11, anytime: 7},
	&triagev1.AssessRiskRequest{}:            {during: 6, between: 6, anytime: 5},
	&triagev1.RecordDutyRequest{}:            {anytime: 6, afterwards: 20},
	&routingv1.ProposeHandoverRequest{}:      {between: 70, afterwards: 5},

	&intakev1.SealPacketRequest{}:        {during: 22},
	&intakev1.RefuseConsentRequest{}:     {during: 3},
	&intakev1.WithdrawConsentRequest{}:   {during: 2, anytime: 2},
	&intakev1.OverrideConsentRequest{}:   {during: 16},
	&intakev1.OpenPacketRequest{}:        {during: 9, anytime: 2, afterwards: 10},
	&routingv1.DecideHopRequest{}:        {during: 1},
	&routingv1.AcknowledgeOfferRequest{}: {during: 70},
	&routingv1.DeclineOfferRequest{}:     {during: 18},
	&routingv1.JoinHandoverRequest{}:     {during: 9},
	&routingv1.StartBriefingRequest{}:    {during: 20},
	&routingv1.AttestAgreementRequest{}:  {during: 42},
	&routingv1.LeaveHandoverRequest{}:    {during: 50},
	&intakev1.AskToStayRequest{}:         {during: 12, anytime: 2},
	&routingv1.TakeBackRequest{}:         {during: 20, anytime: 2},
	&routingv1.ReportOutcomeRequest{}:    {during: 80, afterwards: 30},
	&routingv1.DecideHandoverRequest{}:   {during: 2, between: 30, anytime: 2},
	&routingv1.CancelHandoverRequest{}:   {during: 2, between: 30},
	&routingv1.ConfirmCancelRequest{}:    {between: 250, anytime: 2, afterwards: 20},
	&routingv1.DeferHandoverRequest{}:    {during: 2},
	&routingv1.SignpostHandoverRequest{}: {during: 2},
	&routingv1.CallEmergencyRequest{}:    {together: 1, between: 1, anytime: 2},
	&routingv1.ConfirmEmergencyRequest{}: {anytime: 1},
	&routingv1.EndEmergencyRequest{}:     {anytime: 1},

	&routingv1.DecideDisappearanceRequest{}:     {anytime: 1},
	&routingv1.AskConsultationRequest{}:         {between: 14, anytime: 1},
	&routingv1.AcknowledgeConsultationRequest{}: {anytime: 1},
	&routingv1.AcceptConsultationRequest{}:      {anytime: 1},
	&routingv1.DeclineConsultationRequest{}:     {anytime: 1},
	&routingv1.BriefConsultationRequest{}:       {anytime: 1},
	&routingv1.AnswerConsultationRequest{}:      {anytime: 1},
	&routingv1.WithdrawConsultationRequest{}:    {anytime: 1},
	&routingv1.IssueTicketRequest{}:             {together: 3, between: 26, anytime: 4},
	&routingv1.ClaimTicketRequest{}:             {between: 18, anytime: 10},
	&routingv1.AnswerLegRequest{}:               {anytime: 6},
})

func weighed(requests map[proto.Message]weight) map[*command.Definition]weight {
	all := map[*command.Definition]weight{}
	for request, w := range requests {
		all[command.DefinitionOf(request)] = w
	}
	return all
}

func weightOf(d *command.Definition) weight {
	w, known := unusual[d]
	switch {
	case known:
		return w
	case alone(d):
		return aside
	}
	return usual
}
