package platform_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// bad is a command that must be refused.
type bad struct {
	send   func(ctx context.Context) error
	code   codes.Code
	reason string
}

// sent is a command with a spoiled request.
func sent[R proto.Message, A any](call func(context.Context, R) (A, error), request R, spoil func(R)) func(context.Context) error {
	return func(ctx context.Context) error {
		spoil(request)
		_, err := call(ctx, request)
		return err
	}
}

// refuse checks that each is refused for its reason and leaves no trace.
func (w *world) refuse(cases map[string]bad) {
	w.t.Helper()
	for name, c := range cases {
		w.t.Log(name)
		w.unchanged(func() { refused(w.t, c.send(w.ctx), c.code, c.reason) })
	}
}

// the client's methods without their options.
func (d desk) override(ctx context.Context, r *intakev1.OverrideConsentRequest) (*handoverv1.Recorded, error) {
	return d.Intake.OverrideConsent(ctx, r)
}
func (d desk) postpone(ctx context.Context, r *routingv1.DeferHandoverRequest) (*handoverv1.Recorded, error) {
	return d.Routing.DeferHandover(ctx, r)
}
func (d desk) signpost(ctx context.Context, r *routingv1.SignpostHandoverRequest) (*handoverv1.Recorded, error) {
	return d.Routing.SignpostHandover(ctx, r)
}
func (d desk) callHelp(ctx context.Context, r *routingv1.CallEmergencyRequest) (*handoverv1.Recorded, error) {
	return d.Routing.CallEmergency(ctx, r)
}
func (d desk) giveOut(ctx context.Context, r *routingv1.IssueTicketRequest) (*issued, error) {
	return d.Routing.IssueTicket(ctx, r)
}
func (d desk) use(ctx context.Context, r *routingv1.ClaimTicketRequest) (*claimed, error) {
	return d.Routing.ClaimTicket(ctx, r)
}
func (d desk) decideHop(ctx context.Context, r *routingv1.DecideHopRequest) (*handoverv1.Recorded, error) {
	return d.Routing.DecideHop(ctx, r)
}
func (d desk) decide(ctx context.Context, r *routingv1.DecideHandoverRequest) (*handoverv1.Recorded, error) {
	return d.Routing.DecideHandover(ctx, r)
}
func (d desk) duty(ctx context.Context, r *triagev1.RecordDutyRequest) (*handoverv1.Recorded, error) {
	return d.Triage.RecordDuty(ctx, r)
}

func TestAnOverrideThatIsNone(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	handover := sender.propose(sender.open(), "first")
	type request = *intakev1.OverrideConsentRequest
	override := func(spoil func(request)) func(context.Context) error {
		return sent(sender.override, overriding(handover), spoil)
	}
	w.refuse(map[string]bad{
		"no second person":       {override(func(r request) { r.SecondPerson = "" }), codes.InvalidArgument, "FIELD_INVALID"},
		"the same person twice":  {override(func(r request) { r.SecondPerson = "mina" }), codes.FailedPrecondition, "SECOND_PERSON_MISSING"},
		"the child":              {override(func(r request) { r.SecondPerson = "child" }), codes.FailedPrecondition, "SECOND_PERSON_MISSING"},
		"nobody in the room":     {override(func(r request) { r.Participant = "berit" }), codes.FailedPrecondition, "PARTICIPANT_ABSENT"},
		"the transcript":         {override(func(r request) { r.Scopes = append(r.Scopes, handoverv1.Scope_SCOPE_TRANSCRIPT) }), codes.FailedPrecondition, "OUTSIDE_CONSENT"},
		"no introduction":        {override(func(r request) { r.Scopes = r.Scopes[1:] }), codes.InvalidArgument, "FIELD_INVALID"},
		"no scopes":              {override(func(r request) { r.Scopes = nil }), codes.InvalidArgument, "FIELD_INVALID"},
		"an unknown scope":       {override(func(r request) { r.Scopes = append(r.Scopes, 99) }), codes.InvalidArgument, "FIELD_INVALID"},
		"no code":                {override(func(r request) { r.Code = 0 }), codes.InvalidArgument, "FIELD_INVALID"},
		"an unknown code":        {override(func(r request) { r.Code = 99 }), codes.InvalidArgument, "FIELD_INVALID"},
		"another line's child":   {sent(w.desk("first").override, overriding(handover), func(request) {}), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"},
		"no such handover":       {override(func(r request) { r.Handover = handover[:len(handover)-1] + "7" }), codes.NotFound, "HANDOVER_NOT_FOUND"},
		"a handover that is out": {override(func(r request) { r.Handover = "conversations/none" }), codes.InvalidArgument, "FIELD_INVALID"},
	})
}

// dayLines are the four, of which first answers chats from 8 to 20 on weekdays.
func dayLines() (lines []*handoverv1.Line) {
	for _, line := range fourLines() {
		if line.Name == "lines/first" {
			line = proto.CloneOf(line)
			line.Hours[0].Windows = []*handoverv1.Window{{Weekdays: []int32{1, 2, 3, 4, 5}, OpensMinute: 8 * 60, ClosesMinute: 20 * 60}}
		}
		lines = append(lines, line)
	}
	return lines
}

func TestATimeThatCannotBePromised(t *testing.T) {
	w := newWorldOf(t, dayLines())
	sender := w.desk("sender")
	handover := sender.propose(sender.open())
	now := w.clock.Now() // Monday, 20:00 in Oslo
	postpone := func(start time.Duration, spoil func(*handoverv1.Slot)) func(context.Context) error {
		return sent(sender.postpone, deferring(handover, now.Add(start)), func(r *routingv1.DeferHandoverRequest) { spoil(r.Slot) })
	}
	as := func(*handoverv1.Slot) {}
	w.refuse(map[string]bad{
		"in the past":               {postpone(-time.Hour, as), codes.InvalidArgument, "FIELD_INVALID"},
		"now":                       {postpone(0, as), codes.InvalidArgument, "FIELD_INVALID"},
		"over 14 days ahead":        {postpone(14*24*time.Hour+time.Nanosecond, as), codes.InvalidArgument, "FIELD_INVALID"},
		"at night":                  {postpone(8*time.Hour, as), codes.FailedPrecondition, "LINE_CLOSED"},
		"on Saturday":               {postpone(4*24*time.Hour+18*time.Hour, as), codes.FailedPrecondition, "LINE_CLOSED"},
		"an end before its start":   {postpone(18*time.Hour, func(s *handoverv1.Slot) { s.EndTime = timestamppb.New(now) }), codes.InvalidArgument, "FIELD_INVALID"},
		"at the line itself":        {postpone(18*time.Hour, func(s *handoverv1.Slot) { s.Line = "sender" }), codes.InvalidArgument, "FIELD_INVALID"},
		"at no line":                {postpone(18*time.Hour, func(s *handoverv1.Slot) { s.Line = "unlisted" }), codes.NotFound, "LINE_NOT_FOUND"},
		"without a start":           {postpone(18*time.Hour, func(s *handoverv1.Slot) { s.StartTime = nil }), codes.InvalidArgument, "FIELD_INVALID"},
		"at an instant that is out": {postpone(0, func(s *handoverv1.Slot) { s.StartTime = &timestamppb.Timestamp{Seconds: 1 << 60} }), codes.InvalidArgument, "FIELD_INVALID"},
		"without any":               {sent(sender.postpone, deferring(handover, now), func(r *routingv1.DeferHandoverRequest) { r.Slot = nil }), codes.InvalidArgument, "FIELD_INVALID"},
		"for an unknown reason":     {sent(sender.postpone, deferring(handover, now.Add(18*time.Hour)), func(r *routingv1.DeferHandoverRequest) { r.Reason = 99 }), codes.InvalidArgument, "FIELD_INVALID"},
	})
	sender.done(sender.postpone(w.ctx, deferring(handover, now.Add(18*time.Hour))))
}

func TestATicketThatCannotBeGivenOut(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	conversation := sender.open()
	type request = *routingv1.IssueTicketRequest
	giveOut := func(spoil func(request)) func(context.Context) error {
		return sent(sender.giveOut, sender.toPhone(conversation), spoil)
	}
	lives := func(d time.Duration) func(context.Context) error {
		return giveOut(func(r request) { r.Lifetime = durationpb.New(d) })
	}
	use := func(link string) func(context.Context) error {
		return sent(sender.use, using(link), func(*routingv1.ClaimTicketRequest) {})
	}
	w.refuse(map[string]bad{
		"too short a life":      {lives(time.Minute - time.Nanosecond), codes.InvalidArgument, "FIELD_INVALID"},
		"too long a life":       {lives(30*time.Minute + time.Nanosecond), codes.InvalidArgument, "FIELD_INVALID"},
		"a life backwards":      {lives(-time.Hour), codes.InvalidArgument, "FIELD_INVALID"},
		"an unknown channel":    {giveOut(func(r request) { r.Channel = 99 }), codes.InvalidArgument, "FIELD_INVALID"},
		"no channel":            {giveOut(func(r request) { r.Channel = 0 }), codes.InvalidArgument, "FIELD_INVALID"},
		"no such line":          {giveOut(func(r request) { r.ToLine = "lines/unlisted" }), codes.NotFound, "LINE_NOT_FOUND"},
		"another line":          {giveOut(func(r request) { r.ToLine = "lines/first" }), codes.InvalidArgument, "FIELD_INVALID"},
		"another's child":       {sent(w.desk("first").giveOut, sender.toPhone(conversation), func(request) {}), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"},
		"five digits":           {use("12345"), codes.InvalidArgument, "FIELD_INVALID"},
		"a link in capitals":    {use("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), codes.InvalidArgument, "FIELD_INVALID"},
		"neither":               {sent(sender.use, using("123456"), func(r *routingv1.ClaimTicketRequest) { r.Secret = nil }), codes.InvalidArgument, "FIELD_INVALID"},
		"without a request id":  {sent(sender.use, using("123456"), func(r *routingv1.ClaimTicketRequest) { r.RequestId = "" }), codes.InvalidArgument, "FIELD_INVALID"},
		"to a line that is off": {sent(w.desk("unlisted").giveOut, sender.toPhone(conversation), func(request) {}), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"},
	})
}

func TestDecisionsThatAreNone(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	conversation := sender.open()
	handover := sender.propose(conversation, "first")
	stay := func(handover string) *routingv1.DecideHandoverRequest {
		return &routingv1.DecideHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Decision: handoverv1.SenderDecision_SENDER_DECISION_STAY}
	}
	hop := &routingv1.DecideHopRequest{RequestId: uuid.NewString(), Handover: handover, Supervisor: "berit", Approve: true}
	duty := &triagev1.RecordDutyRequest{RequestId: uuid.NewString(), Conversation: conversation, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED_BY_OTHER_LINE}
	w.refuse(map[string]bad{
		"too early":                 {sent(sender.decide, stay(handover), func(*routingv1.DecideHandoverRequest) {}), codes.FailedPrecondition, "HANDOVER_STATE"},
		"an unknown decision":       {sent(sender.decide, stay(handover), func(r *routingv1.DecideHandoverRequest) { r.Decision = 99 }), codes.InvalidArgument, "FIELD_INVALID"},
		"a hop that needs no say":   {sent(sender.decideHop, hop, func(*routingv1.DecideHopRequest) {}), codes.FailedPrecondition, "NOTHING_TO_DECIDE"},
		"a duty that another did":   {sent(sender.duty, duty, func(*triagev1.RecordDutyRequest) {}), codes.FailedPrecondition, "DUTY_IS_YOURS"},
		"an unknown reason":         {sent(sender.signpost, signposting(handover), func(r *routingv1.SignpostHandoverRequest) { r.Reason = 99 }), codes.InvalidArgument, "FIELD_INVALID"},
		"a way to the line itself":  {sent(sender.signpost, signposting(handover), func(r *routingv1.SignpostHandoverRequest) { r.ToLine = "lines/sender" }), codes.InvalidArgument, "FIELD_INVALID"},
		"a way to nowhere":          {sent(sender.signpost, signposting(handover), func(r *routingv1.SignpostHandoverRequest) { r.ToLine = "lines/unlisted" }), codes.NotFound, "LINE_NOT_FOUND"},
		"an unknown service":        {sent(sender.callHelp, calling(handover), func(r *routingv1.CallEmergencyRequest) { r.Service = 99 }), codes.InvalidArgument, "FIELD_INVALID"},
		"a call by nobody":          {sent(sender.callHelp, calling(handover), func(r *routingv1.CallEmergencyRequest) { r.Participant = "berit" }), codes.FailedPrecondition, "PARTICIPANT_ABSENT"},
		"a call by the child":       {sent(sender.callHelp, calling(handover), func(r *routingv1.CallEmergencyRequest) { r.Participant = "child" }), codes.FailedPrecondition, "PARTICIPANT_ABSENT"},
		"another line's decision":   {sent(w.desk("first").decide, stay(handover), func(*routingv1.DecideHandoverRequest) {}), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"},
		"another line's supervisor": {sent(w.desk("first").decideHop, hop, func(*routingv1.DecideHopRequest) {}), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"},
	})
	sender.consent(handover)
	w.desk("first").decline(handover, "1")
	sender.done(sender.decide(w.ctx, stay(handover)))
	again := stay(handover)
	w.refuse(map[string]bad{
		"decided already": {sent(sender.decide, again, func(*routingv1.DecideHandoverRequest) {}), codes.FailedPrecondition, "NOTHING_TO_DECIDE"},
		"on, after it has come back": {sent(sender.decide, again, func(r *routingv1.DecideHandoverRequest) {
			r.Decision = handoverv1.SenderDecision_SENDER_DECISION_CONTINUE
		}), codes.FailedPrecondition, "NOTHING_TO_DECIDE"},
	})
}

// TestASupervisorInTheRoom is none: the third transfer needs one who does not
// talk with the child.
func TestASupervisorInTheRoom(t *testing.T) {
	w := newWorld(t)
	conversation := w.desk("sender").open()
	holder := w.passedOn(conversation, "sender", "first", "second")
	holder.join(conversation, "berit")
	handover := holder.propose(conversation, "third")
	hop := func(supervisor string, approve bool) *routingv1.DecideHopRequest {
		return &routingv1.DecideHopRequest{RequestId: uuid.NewString(), Handover: handover, Supervisor: supervisor, Approve: approve}
	}
	as := func(*routingv1.DecideHopRequest) {}
	ask := &intakev1.AskConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: introAndLine}
	w.refuse(map[string]bad{
		"no say yet":      {func(ctx context.Context) error { _, err := holder.Intake.AskConsent(ctx, ask); return err }, codes.FailedPrecondition, "HOP_LIMIT"},
		"with the child":  {sent(holder.decideHop, hop("aksel", true), as), codes.FailedPrecondition, "SECOND_PERSON_MISSING"},
		"beside it":       {sent(holder.decideHop, hop("berit", true), as), codes.FailedPrecondition, "SECOND_PERSON_MISSING"},
		"a no from there": {sent(holder.decideHop, hop("berit", false), as), codes.FailedPrecondition, "SECOND_PERSON_MISSING"},
		"nobody":          {sent(holder.decideHop, hop("", true), as), codes.InvalidArgument, "FIELD_INVALID"},
	})
	holder.done(holder.decideHop(w.ctx, hop("sofie", true)))
	w.refuse(map[string]bad{"twice": {sent(holder.decideHop, hop("sofie", true), as), codes.FailedPrecondition, "NOTHING_TO_DECIDE"}})
}

// passedOn hands a conversation on from line to line, and returns the last. The
// child calls each anew, so that its leg comes along.
func (w *world) passedOn(conversation string, lines ...string) desk {
	w.t.Helper()
	for n, from := range lines[:len(lines)-1] {
		sender, receiver := w.desk(from), w.desk(lines[n+1])
		handover := sender.propose(conversation, receiver.line)
		askConsent(sender, receiver, handover)
		giveConsent(sender, receiver, handover)
		receiver.accept(handover, "1")
		receiver.done(receiver.Routing.JoinHandover(w.ctx, &routingv1.JoinHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Participant: "aksel"}))
		who := map[bool]string{true: "mina", false: "aksel"}[n == 0]
		sender.done(sender.Routing.OpenBridge(w.ctx, &routingv1.OpenBridgeRequest{RequestId: uuid.NewString(), Handover: handover, Participant: who}))
		sender.transfer(receiver, handover)
		w.done(sender, handover)
		receiver.done(receiver.Routing.ReportOutcome(w.ctx, &routingv1.ReportOutcomeRequest{RequestId: uuid.NewString(), Handover: handover, Outcome: handoverv1.Outcome_OUTCOME_ONGOING}))
		ticket := &routingv1.IssueTicketRequest{RequestId: uuid.NewString(), Conversation: conversation, ToLine: "lines/" + receiver.line, Channel: chat}
		must[*claimed](w.t)(receiver.claim(receiver.issue(ticket).Link))
		receiver.done(receiver.answer(conversation, "aksel"))
	}
	return w.desk(lines[len(lines)-1])
}
