package story

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// Verb is an action in a story.
type Verb string

// Verbs that no RPC stands for.
const (
	// Chat is a message in the line's own chat. The platform never sees it.
	Chat Verb = "chat"
	Wait Verb = "wait"
	// Repeat sends the request of an earlier step again.
	Repeat Verb = "repeat"
	// Call calls the RPC that the step names.
	Call Verb = "call"
	// FollowAdvice proposes a handover to the line that was consulted last.
	FollowAdvice Verb = "follow advice"
	// Seats sets the number of seats that the line's desks report from here on, until the
	// story ends.
	Seats Verb = "have seats"
)

// verb defines what an action sends, who may act, and its keys.
type verb struct {
	// by lists the roles that may act. If empty, the step has no who.
	by []Role
	// sends is the request as it begins; the keys and the player complete it. Nil if the
	// action sends none of its own.
	sends proto.Message
	keys  []key
}

var (
	theChild    = []Role{Child}
	counsellors = []Role{Counsellor}
	staff       = []Role{Counsellor, Triage}
	anybody     = []Role{Child, Counsellor}
	everybody   = []Role{Child, Counsellor, Triage}
)

var verbs = map[Verb]verb{
	Wait:   {},
	Repeat: {keys: []key{{name: "step", example: "accept", read: readAgain}}},
	Chat:   {by: anybody, keys: words},
	Call:   {by: everybody, keys: anyRPC},
	Seats:  {by: staff, keys: seats},

	"open":       {theChild, &intakev1.OpenConversationRequest{}, nil},
	"correct":    {staff, &intakev1.CorrectConversationRequest{}, corrections},
	"join":       {anybody, &intakev1.JoinConversationRequest{}, nil},
	"leave":      {anybody, &intakev1.LeaveConversationRequest{}, nil},
	"disconnect": {anybody, &intakev1.DisconnectParticipantRequest{}, nil},
	"say":        {anybody, &intakev1.SendMessageRequest{}, slices.Concat(words, audience)},
	"close":      {counsellors, &intakev1.CloseConversationRequest{}, slices.Concat(closeReason, with)},

	"tag":         {staff, &triagev1.TagConversationRequest{}, tags},
	"assess risk": {staff, &triagev1.AssessRiskRequest{}, risk},
	"record duty": {staff, &triagev1.RecordDutyRequest{}, duty},

	"propose handover":  {staff, &routingv1.ProposeHandoverRequest{}, candidates},
	"cancel handover":   {staff, &routingv1.CancelHandoverRequest{}, slices.Concat(cancelReason, which)},
	"seal packet":       {staff, &intakev1.SealPacketRequest{}, slices.Concat(part, words)},
	"open packet":       {counsellors, &intakev1.OpenPacketRequest{}, nil},
	"grant access":      {staff, &intakev1.GrantAccessRequest{}, nil},
	"ask consent":       {counsellors, &intakev1.AskConsentRequest{}, scopes},
	"give consent":      {theChild, &intakev1.GiveConsentRequest{}, slices.Concat(scopes, heardBy)},
	"refuse consent":    {theChild, &intakev1.RefuseConsentRequest{}, nil},
	"withdraw consent":  {theChild, &intakev1.WithdrawConsentRequest{}, nil},
	"acknowledge offer": {staff, &routingv1.AcknowledgeOfferRequest{}, offerState},
	"accept offer":      {staff, &routingv1.AcceptOfferRequest{}, nil},
	"decline offer":     {staff, &routingv1.DeclineOfferRequest{}, declineCode},
	"join handover":     {counsellors, &routingv1.JoinHandoverRequest{}, nil},
	"start briefing":    {counsellors, &routingv1.StartBriefingRequest{}, nil},
	"open bridge":       {counsellors, &routingv1.OpenBridgeRequest{}, exception},
	"confirm handover":  {counsellors, &routingv1.ConfirmHandoverRequest{}, nil},
	"agree to handover": {theChild, &intakev1.AgreeToHandoverRequest{}, nil},
	"attest agreement":  {counsellors, &routingv1.AttestAgreementRequest{}, attestReason},
	"ask to stay":       {theChild, &intakev1.AskToStayRequest{}, nil},
	"take back":         {counsellors, &routingv1.TakeBackRequest{}, slices.Concat(reverseReason, which)},
	"leave handover":    {counsellors, &routingv1.LeaveHandoverRequest{}, nil},
	"report outcome":    {staff, &routingv1.ReportOutcomeRequest{}, outcome},

	"decide hop":           {staff, &routingv1.DecideHopRequest{}, approval},
	"override consent":     {counsellors, &intakev1.OverrideConsentRequest{}, slices.Concat(overrideCode, second, scopes)},
	"decide handover":      {staff, &routingv1.DecideHandoverRequest{}, slices.Concat(decision, which)},
	"defer handover":       {staff, later, slices.Concat(slot, deferReason, with)},
	"signpost handover":    {staff, &routingv1.SignpostHandoverRequest{}, slices.Concat(toLine, signpostReason, with)},
	"call emergency":       {counsellors, &routingv1.CallEmergencyRequest{}, emergency},
	"confirm emergency":    {counsellors, &routingv1.ConfirmEmergencyRequest{}, nil},
	"end emergency":        {counsellors, &routingv1.EndEmergencyRequest{}, slices.Concat(emergencyEnd, other)},
	"decide disappearance": {staff, &routingv1.DecideDisappearanceRequest{}, search},
	"confirm cancel":       {staff, &routingv1.ConfirmCancelRequest{}, nil},

	"ask advice":           {counsellors, &routingv1.AskConsultationRequest{}, toLine},
	"acknowledge question": {staff, &routingv1.AcknowledgeConsultationRequest{}, offerState},
	"accept question":      {counsellors, &routingv1.AcceptConsultationRequest{}, nil},
	"decline question":     {staff, &routingv1.DeclineConsultationRequest{}, declineCode},
	"brief":                {counsellors, &routingv1.BriefConsultationRequest{}, remarks},
	"advise":               {counsellors, &routingv1.AnswerConsultationRequest{}, advice},
	"withdraw question":    {counsellors, &routingv1.WithdrawConsultationRequest{}, nil},
	FollowAdvice:           {counsellors, &routingv1.ProposeHandoverRequest{}, nil},

	"issue ticket": {counsellors, &routingv1.IssueTicketRequest{}, slices.Concat(toLine, channel, lifetime)},
	"claim ticket": {staff, &routingv1.ClaimTicketRequest{}, form},
	"answer leg":   {counsellors, &routingv1.AnswerLegRequest{}, nil},

	"close line":  {staff, &routingv1.CloseLineRequest{}, slices.Concat(closureReason, closed)},
	"reopen line": {staff, &routingv1.ReopenLineRequest{}, nil},
	"report sick": {staff, sick, slices.Concat(sickUnit, sickFor)},
	"report well": {staff, well, wellUnit},
	"swap shifts": {staff, swap, swapped},
	"cover shift": {staff, cover, slices.Concat(coverOf, coverOn)},
}

// Verbs returns all verbs, sorted.
func Verbs() []Verb { return slices.Sorted(maps.Keys(verbs)) }

// Sent reports whether the action is a request to the platform.
func (v Verb) Sent() bool { return v != Chat && v != Wait && v != Seats }
