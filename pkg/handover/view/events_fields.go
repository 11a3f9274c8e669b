package view

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

type fields []protoreflect.Name

// fieldsOf says which of the lines that see an event see its fields.
type fieldsOf struct {
	all     fields // every line
	senders fields // only the line that hands over
	nobody  fields // no line
}

// eventFields covers every kind of event that a conversation can hold. A field in none
// of the lists is shown to no line and fails the test.
var eventFields = map[string]fieldsOf{
	"ConversationCorrected":   {all: fields{"fields", "language", "age_band", "area", "door"}},
	"ConversationOpened":      {all: fields{"conversation", "line", "channel", "language", "age_band", "area", "door", "waiting", "protocol"}},
	"CustodyOpened":           {all: fields{"line", "epoch"}},
	"ParticipantJoined":       {all: fields{"participant", "line", "role"}},
	"ParticipantLeft":         {all: fields{"participant", "line"}},
	"ParticipantDisconnected": {all: fields{"participant", "line"}},
	"ConsentAsked":            {all: fields{"handover", "scopes", "deadline", "remind_time"}, senders: fields{"parts", "child_asked"}},
	"ConsentGiven":            {all: fields{"handover", "scopes", "deadline", "budget_deadline", "origin"}, senders: fields{"parts", "heard_by", "heard_line"}},
	"ConsentRefused":          {all: fields{"handover"}},
	"ConsentWithdrawn":        {all: fields{"handover"}},
	"PacketSealed":            {all: fields{"handover", "part", "commitment", "size_bucket"}, senders: fields{"draft_deadline"}},
	"PacketOpened":            {all: fields{"handover", "line", "parts"}},
	"AccessGranted":           {all: fields{"handover", "accepted_offer", "kind", "part", "epoch", "giver", "receiver", "giver_key", "receiver_key", "content_key", "consent_position", "hash"}},
	"MessageSent":             {all: fields{"message", "participant", "line", "audience", "commitment", "size_bucket", "handover"}},
	"ChildAgreed":             {all: fields{"handover"}},
	"ConversationClosed":      {all: fields{"reason"}, nobody: fields{"persons"}},
	"CustodyClosed":           {all: fields{"line", "epoch"}},
	"ConsentOverridden":       {all: fields{"handover", "code", "scopes", "deadline", "budget_deadline"}, senders: fields{"participant", "second_person", "parts", "risk"}, nobody: fields{"persons"}},
	"ConversationTagged":      {all: fields{"added", "removed", "taxonomy_version"}},
	"RiskAssessed":            {all: fields{"level"}},
	"HandoverRecommended":     {all: fields{"recommendation"}},
	"RecommendationWithdrawn": {all: fields{}},
	"DutyRecorded":            {all: fields{"line", "decision"}},
	"HandoverProposed":        {all: fields{"handover", "from_line", "header", "parent", "hop", "supervisor_needed", "deadline", "after_consultation", "door_closed"}, senders: fields{"candidates", "deadlines", "trial"}},
	"DoorClosed":              {all: fields{"line", "reason", "open_lines", "opening_time"}},
	"DoorOpened":              {all: fields{"line"}},
	"HandoverRouted":          {all: fields{"handover", "decision"}},
	"OfferSent":               {all: fields{"handover", "offer", "line", "deadline", "delivery_deadline", "alert_deadline", "unit"}},
	"OfferDelivered":          {all: fields{"handover", "offer"}},
	"OfferAlerting":           {all: fields{"handover", "offer"}},
	"OfferAccepted":           {all: fields{"handover", "offer", "line", "deadline"}},
	"OfferDeclined":           {all: fields{"handover", "offer", "code"}},
	"OfferGivenBack":          {all: fields{"handover", "offer", "code", "budget_deadline"}},
	"OfferTimedOut":           {all: fields{"handover", "offer"}},
	"OfferWithdrawn":          {all: fields{"handover", "offer", "reason", "budget_deadline"}},
	"ReceiverJoined":          {all: fields{"handover", "participant", "line", "deadline"}},
	"BriefingStarted":         {all: fields{"handover", "deadline"}},
	"BridgeOpened":            {all: fields{"handover", "sender_participant", "receiver_participant", "child_participant", "deadline", "exception", "budget_deadline"}},
	"StayAsked":               {all: fields{"handover", "deadline"}},
	"SenderLost":              {all: fields{"handover", "bridge_time", "deadline"}},
	"ReceiverConfirmed":       {all: fields{"handover", "participant", "deadline"}},
	"AgreementAttested":       {all: fields{"handover", "reason"}},
	"CustodyTransferred":      {all: fields{"handover", "from_line", "to_line", "from_epoch", "to_epoch", "deadline", "reason"}},
	"SenderLeft":              {all: fields{"handover", "line", "deadline"}},
	"OutcomeReported":         {all: fields{"handover", "outcome", "late"}},
	"OutcomeOverdue":          {all: fields{"handover", "escalation", "deadline"}},
	"HandoverReturned":        {all: fields{"handover", "reason", "decision_deadline"}},
	"HandoverCancelled":       {all: fields{"handover", "reason", "deadline"}},
	"OfferUnreachable":        {all: fields{"handover", "offer"}},
	"OfferAlerted":            {all: fields{"handover", "offer", "alert", "alert_deadline"}},
	"ConsentReminded":         {all: fields{"handover"}},
	"BudgetSpent":             {all: fields{"handover", "decision_deadline"}},
	"SenderDecided":           {all: fields{"handover", "decision", "budget_deadline"}},
	"SupervisorTold":          {all: fields{"handover", "line", "reason", "deadline"}},
	"CustodyAlerted":          {all: fields{"line", "epoch", "alert", "deadline"}},
	"HandoverPaused":          {all: fields{"handover", "deadline"}},
	"HandoverResumed":         {all: fields{"handover", "deadline", "budget_deadline"}},
	"HandoverAbandoned":       {all: fields{"handover", "stage", "custody_line"}},
	"HandoverDeferred":        {all: fields{"handover", "slot", "reason"}, nobody: fields{"persons"}},
	"PromiseLost":             {all: fields{"handover", "reason", "decision_deadline", "slots"}},
	"DeferralDue":             {all: fields{"handover", "decision_deadline"}},
	"HandoverSignposted":      {all: fields{"handover", "line", "reason"}, nobody: fields{"persons"}},
	"EmergencyCalled":         {all: fields{"handover", "service", "participant", "deadline", "line"}},
	"EmergencyOverdue":        {all: fields{"handover", "deadline"}},
	"EmergencyConfirmed":      {all: fields{"handover", "participant", "line"}},
	"EmergencyEnded":          {all: fields{"line", "participant", "second_person", "reason"}, nobody: fields{"persons"}},
	"DisappearanceDecided":    {all: fields{"line", "participant", "decision"}},
	"CancelConfirmed":         {all: fields{"handover", "line"}},
	"HopApproved":             {all: fields{"handover", "supervisor", "deadline"}, nobody: fields{"persons"}},
	"OverlapExtended":         {all: fields{"handover", "deadline"}},
	"TicketIssued":            {all: fields{"ticket", "kind", "to_line", "channel", "epoch", "deadline", "draw", "handover"}, nobody: fields{"link_hash", "digits_hash", "request_id"}},
	"TicketClaimed":           {all: fields{"ticket", "line", "deadline", "handover"}},
	"LegMoved":                {all: fields{"ticket", "line", "channel", "participant"}},
	"LegUnanswered":           {all: fields{"ticket"}},
	"HandoverHastened":        {all: fields{"handover", "offer_deadline", "budget_deadline", "join_deadline", "decision_deadline"}},

	"ConsultationAsked":        {all: fields{"consultation", "id", "from_line", "participant", "line", "header", "offer_deadline", "delivery_deadline", "alert_deadline", "deadline"}},
	"ConsultationAcknowledged": {all: fields{"consultation", "state"}},
	"ConsultationAlerted":      {all: fields{"consultation", "alert", "alert_deadline"}},
	"ConsultationAccepted":     {all: fields{"consultation", "participant"}},
	"ConsultationBriefed":      {all: fields{"consultation", "line", "remarks"}},
	"ConsultationAnswered":     {all: fields{"consultation", "answer"}},
	"ConsultationDeclined":     {all: fields{"consultation", "code"}},
	"ConsultationExpired":      {all: fields{"consultation", "state"}},
	"ConsultationWithdrawn":    {all: fields{"consultation", "reason"}},
}

// built returns an event with the fields that the line sees.
func (w watcher) built(e *eventv1.Event) *eventv1.Event {
	what := event.What(e)
	if what == nil {
		return &eventv1.Event{}
	}
	from := what.ProtoReflect()
	to, who := from.New(), eventFields[event.Name(e)]
	set(to, from, who.all)
	if what, ok := from.Interface().(event.OfHandover); ok && who.senders != nil && w.line == w.handover(what).GetFromLine() {
		set(to, from, who.senders)
	}
	return event.Of(to.Interface())
}

// set copies the values of some fields.
func set(to, from protoreflect.Message, names fields) {
	for _, name := range names {
		if field := from.Descriptor().Fields().ByName(name); from.Has(field) {
			to.Set(field, from.Get(field))
		}
	}
}
