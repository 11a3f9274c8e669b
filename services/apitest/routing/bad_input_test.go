package routing_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/staffkey/stafftest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
)

func TestAnOverrideThatIsNone(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	handover := sender.Propose(sender.InDanger(sender.OpenConversation()), "first")
	type request = *intakev1.OverrideConsentRequest
	override := func(spoil func(request)) func(context.Context) error {
		return apitest.Spoiled(sender.OverrideConsent, sender.Override(handover), spoil)
	}
	mina, child := sender.Person("mina"), sender.Person("child")
	by := func(second stafftest.Person) func(r request) {
		return func(r request) {
			r.SecondPerson = second.Key.Participant
			r.Signatures = sender.Signs(apitest.ConversationOf(handover), r, mina, second)
		}
	}
	w.WantRefusals(map[string]apitest.BadRequest{
		"a bare name":            apitest.Refused(override(func(r request) { r.Signatures = nil }), codes.FailedPrecondition, "SECOND_PERSON_MISSING"),
		"no second person":       apitest.Refused(override(func(r request) { r.SecondPerson = "" }), codes.InvalidArgument, "FIELD_INVALID"),
		"the same person twice":  apitest.Refused(override(by(mina)), codes.FailedPrecondition, "SECOND_PERSON_MISSING"),
		"the child":              apitest.Refused(override(by(child)), codes.FailedPrecondition, "SECOND_PERSON_MISSING"),
		"nobody in the room":     apitest.Refused(override(func(r request) { r.Participant = "berit" }), codes.FailedPrecondition, "PARTICIPANT_ABSENT"),
		"the transcript":         apitest.Refused(override(func(r request) { r.Scopes = append(r.Scopes, handoverv1.Scope_SCOPE_TRANSCRIPT) }), codes.FailedPrecondition, "OUTSIDE_CONSENT"),
		"no introduction":        apitest.Refused(override(func(r request) { r.Scopes = r.Scopes[1:] }), codes.InvalidArgument, "FIELD_INVALID"),
		"no scopes":              apitest.Refused(override(func(r request) { r.Scopes = nil }), codes.InvalidArgument, "FIELD_INVALID"),
		"an unknown scope":       apitest.Refused(override(func(r request) { r.Scopes = append(r.Scopes, 99) }), codes.InvalidArgument, "FIELD_INVALID"),
		"no code":                apitest.Refused(override(func(r request) { r.Code = 0 }), codes.InvalidArgument, "FIELD_INVALID"),
		"an unknown code":        apitest.Refused(override(func(r request) { r.Code = 99 }), codes.InvalidArgument, "FIELD_INVALID"),
		"another line's child":   apitest.Refused(apitest.Spoiled(w.Desk("first").OverrideConsent, sender.Override(handover), func(request) {}), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"),
		"no such handover":       apitest.Refused(override(func(r request) { r.Handover = handover[:len(handover)-1] + "7" }), codes.NotFound, "HANDOVER_NOT_FOUND"),
		"a handover that is out": apitest.Refused(override(func(r request) { r.Handover = "conversations/none" }), codes.InvalidArgument, "FIELD_INVALID"),
	})
}

// dayLines are the four lines, of which first answers chats from 8 to 20 on weekdays.
func dayLines() (lines []*handoverv1.Line) {
	for _, line := range apitest.FourLines() {
		if line.Name == "lines/first" {
			line = proto.CloneOf(line)
			line.Hours[0].Windows = []*handoverv1.Window{{Weekdays: []int32{1, 2, 3, 4, 5}, OpensMinute: 8 * 60, ClosesMinute: 20 * 60}}
		}
		lines = append(lines, line)
	}
	return lines
}

func TestATimeThatCannotBePromised(t *testing.T) {
	w := apitest.NewWorldOf(t, dayLines())
	sender := w.Desk("sender")
	handover := sender.Propose(sender.OpenConversation())
	now := w.Clock.Now() // Monday, 20:00 in Oslo
	postpone := func(start time.Duration, spoil func(*routingv1.Slot)) func(context.Context) error {
		return apitest.Spoiled(sender.DeferHandover, apitest.Deferral(handover, now.Add(start)), func(r *routingv1.DeferHandoverRequest) { spoil(r.Slot) })
	}
	as := func(*routingv1.Slot) {}
	w.WantRefusals(map[string]apitest.BadRequest{
		"in the past":               apitest.Refused(postpone(-time.Hour, as), codes.InvalidArgument, "FIELD_INVALID"),
		"now":                       apitest.Refused(postpone(0, as), codes.InvalidArgument, "FIELD_INVALID"),
		"over 14 days ahead":        apitest.Refused(postpone(14*24*time.Hour+time.Nanosecond, as), codes.InvalidArgument, "FIELD_INVALID"),
		"at night":                  apitest.Refused(postpone(8*time.Hour, as), codes.FailedPrecondition, "LINE_CLOSED"),
		"on Saturday":               apitest.Refused(postpone(4*24*time.Hour+18*time.Hour, as), codes.FailedPrecondition, "LINE_CLOSED"),
		"an end before its start":   apitest.Refused(postpone(18*time.Hour, func(s *routingv1.Slot) { s.EndTime = timestamppb.New(now) }), codes.InvalidArgument, "FIELD_INVALID"),
		"at the line itself":        apitest.Refused(postpone(18*time.Hour, func(s *routingv1.Slot) { s.Line = "lines/sender" }), codes.InvalidArgument, "FIELD_INVALID"),
		"at no line":                apitest.Refused(postpone(18*time.Hour, func(s *routingv1.Slot) { s.Line = "lines/unlisted" }), codes.NotFound, "LINE_NOT_FOUND"),
		"without a start":           apitest.Refused(postpone(18*time.Hour, func(s *routingv1.Slot) { s.StartTime = nil }), codes.InvalidArgument, "FIELD_INVALID"),
		"at an instant that is out": apitest.Refused(postpone(0, func(s *routingv1.Slot) { s.StartTime = &timestamppb.Timestamp{Seconds: 1 << 60} }), codes.InvalidArgument, "FIELD_INVALID"),
		"without any":               apitest.Refused(apitest.Spoiled(sender.DeferHandover, apitest.Deferral(handover, now), func(r *routingv1.DeferHandoverRequest) { r.Slot = nil }), codes.InvalidArgument, "FIELD_INVALID"),
		"for an unknown reason":     apitest.Refused(apitest.Spoiled(sender.DeferHandover, apitest.Deferral(handover, now.Add(18*time.Hour)), func(r *routingv1.DeferHandoverRequest) { r.Reason = 99 }), codes.InvalidArgument, "FIELD_INVALID"),
	})
	sender.Took(sender.DeferHandover(w.Ctx, apitest.Deferral(handover, now.Add(18*time.Hour))))
}

func TestATicketThatCannotBeGivenOut(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	type request = *routingv1.IssueTicketRequest
	giveOut := func(spoil func(request)) func(context.Context) error {
		return apitest.Spoiled(sender.IssueTicket, sender.ToPhone(conversation), spoil)
	}
	lives := func(d time.Duration) func(context.Context) error {
		return giveOut(func(r request) { r.Lifetime = durationpb.New(d) })
	}
	use := func(link string) func(context.Context) error {
		return apitest.Spoiled(sender.ClaimTicket, apitest.ClaimWith(link), func(*routingv1.ClaimTicketRequest) {})
	}
	w.WantRefusals(map[string]apitest.BadRequest{
		"too short a life":      apitest.Refused(lives(time.Minute-time.Nanosecond), codes.InvalidArgument, "FIELD_INVALID"),
		"too long a life":       apitest.Refused(lives(30*time.Minute+time.Nanosecond), codes.InvalidArgument, "FIELD_INVALID"),
		"a life backwards":      apitest.Refused(lives(-time.Hour), codes.InvalidArgument, "FIELD_INVALID"),
		"an unknown channel":    apitest.Refused(giveOut(func(r request) { r.Channel = 99 }), codes.InvalidArgument, "FIELD_INVALID"),
		"no channel":            apitest.Refused(giveOut(func(r request) { r.Channel = 0 }), codes.InvalidArgument, "FIELD_INVALID"),
		"no such line":          apitest.Refused(giveOut(func(r request) { r.ToLine = "lines/unlisted" }), codes.NotFound, "LINE_NOT_FOUND"),
		"another line":          apitest.Refused(giveOut(func(r request) { r.ToLine = "lines/first" }), codes.FailedPrecondition, "NOT_SIGNPOSTED"),
		"another's child":       apitest.Refused(apitest.Spoiled(w.Desk("first").IssueTicket, sender.ToPhone(conversation), func(request) {}), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"),
		"five digits":           apitest.Refused(use("12345"), codes.InvalidArgument, "FIELD_INVALID"),
		"a link in capitals":    apitest.Refused(use("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), codes.InvalidArgument, "FIELD_INVALID"),
		"neither":               apitest.Refused(apitest.Spoiled(sender.ClaimTicket, apitest.ClaimWith("123456"), func(r *routingv1.ClaimTicketRequest) { r.Secret = nil }), codes.InvalidArgument, "FIELD_INVALID"),
		"without a request id":  apitest.Refused(apitest.Spoiled(sender.ClaimTicket, apitest.ClaimWith("123456"), func(r *routingv1.ClaimTicketRequest) { r.RequestId = "" }), codes.InvalidArgument, "FIELD_INVALID"),
		"to a line that is off": apitest.Refused(apitest.Spoiled(w.Desk("unlisted").IssueTicket, sender.ToPhone(conversation), func(request) {}), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"),
	})
}

func TestDecisionsThatAreNone(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	handover := sender.Propose(conversation, "first")
	stay := func(handover string) *routingv1.DecideHandoverRequest {
		return &routingv1.DecideHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Decision: handoverv1.SenderDecision_SENDER_DECISION_STAY}
	}
	hop := &routingv1.DecideHopRequest{RequestId: uuid.NewString(), Handover: handover, Supervisor: "berit", Approve: true}
	duty := &triagev1.RecordDutyRequest{RequestId: uuid.NewString(), Conversation: conversation, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED_BY_OTHER_LINE}
	w.WantRefusals(map[string]apitest.BadRequest{
		"too early":                 apitest.Refused(apitest.Spoiled(sender.DecideHandover, stay(handover), func(*routingv1.DecideHandoverRequest) {}), codes.FailedPrecondition, "HANDOVER_STATE"),
		"an unknown decision":       apitest.Refused(apitest.Spoiled(sender.DecideHandover, stay(handover), func(r *routingv1.DecideHandoverRequest) { r.Decision = 99 }), codes.InvalidArgument, "FIELD_INVALID"),
		"a hop that needs no say":   apitest.Refused(apitest.Spoiled(sender.DecideHop, hop, func(*routingv1.DecideHopRequest) {}), codes.FailedPrecondition, "NOTHING_TO_DECIDE"),
		"a duty that another did":   apitest.Refused(apitest.Spoiled(sender.RecordDuty, duty, func(*triagev1.RecordDutyRequest) {}), codes.FailedPrecondition, "DUTY_IS_YOURS"),
		"an unknown reason":         apitest.Refused(apitest.Spoiled(sender.SignpostHandover, apitest.Signposting(handover), func(r *routingv1.SignpostHandoverRequest) { r.Reason = 99 }), codes.InvalidArgument, "FIELD_INVALID"),
		"a way to the line itself":  apitest.Refused(apitest.Spoiled(sender.SignpostHandover, apitest.Signposting(handover), func(r *routingv1.SignpostHandoverRequest) { r.ToLine = "lines/sender" }), codes.InvalidArgument, "FIELD_INVALID"),
		"a way to nowhere":          apitest.Refused(apitest.Spoiled(sender.SignpostHandover, apitest.Signposting(handover), func(r *routingv1.SignpostHandoverRequest) { r.ToLine = "lines/unlisted" }), codes.NotFound, "LINE_NOT_FOUND"),
		"an unknown service":        apitest.Refused(apitest.Spoiled(sender.CallEmergency, apitest.EmergencyCall(conversation), func(r *routingv1.CallEmergencyRequest) { r.Service = 99 }), codes.InvalidArgument, "FIELD_INVALID"),
		"a call by the child":       apitest.Refused(apitest.Spoiled(sender.CallEmergency, apitest.EmergencyCall(conversation), func(r *routingv1.CallEmergencyRequest) { r.Participant = "child" }), codes.FailedPrecondition, "PARTICIPANT_NOT_COUNSELLOR"),
		"another line's decision":   apitest.Refused(apitest.Spoiled(w.Desk("first").DecideHandover, stay(handover), func(*routingv1.DecideHandoverRequest) {}), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"),
		"another line's supervisor": apitest.Refused(apitest.Spoiled(w.Desk("first").DecideHop, hop, func(*routingv1.DecideHopRequest) {}), codes.PermissionDenied, "CONVERSATION_NOT_YOURS"),
	})
	sender.Consent(handover)
	w.Desk("first").Decline(handover, "1")
	sender.Took(sender.DecideHandover(w.Ctx, stay(handover)))
	again := stay(handover)
	w.WantRefusals(map[string]apitest.BadRequest{
		"decided already": apitest.Refused(apitest.Spoiled(sender.DecideHandover, again, func(*routingv1.DecideHandoverRequest) {}), codes.FailedPrecondition, "NOTHING_TO_DECIDE"),
		"on, after it has come back": apitest.Refused(apitest.Spoiled(sender.DecideHandover, again, func(r *routingv1.DecideHandoverRequest) {
			r.Decision = handoverv1.SenderDecision_SENDER_DECISION_CONTINUE
		}), codes.FailedPrecondition, "NOTHING_TO_DECIDE"),
	})
}

// TestASupervisorInTheRoom does not count: the third transfer needs one who does not talk with
// the child.
func TestASupervisorInTheRoom(t *testing.T) {
	w := apitest.NewWorld(t)
	conversation := w.Desk("sender").OpenConversation()
	holder := w.PassOn(conversation, "sender", "first", "second")
	holder.Join(conversation, "berit")
	handover := holder.Propose(conversation, "third")
	aksel := holder.Person("aksel")
	hop := func(supervisor string, approve bool) *routingv1.DecideHopRequest {
		r := &routingv1.DecideHopRequest{RequestId: uuid.NewString(), Handover: handover, Supervisor: supervisor, Approve: approve}
		r.Signatures = holder.Signs(conversation, r, aksel, holder.Person(supervisor))
		return r
	}
	as := func(*routingv1.DecideHopRequest) {}
	ask := &intakev1.AskConsentRequest{RequestId: uuid.NewString(), Handover: handover, Scopes: apitest.IntroAndLine}
	w.WantRefusals(map[string]apitest.BadRequest{
		"no say yet":      apitest.Refused(func(ctx context.Context) error { _, err := holder.Intake.AskConsent(ctx, ask); return err }, codes.FailedPrecondition, "HOP_LIMIT"),
		"with the child":  apitest.Refused(apitest.Spoiled(holder.DecideHop, hop("aksel", true), as), codes.FailedPrecondition, "SECOND_PERSON_MISSING"),
		"beside it":       apitest.Refused(apitest.Spoiled(holder.DecideHop, hop("berit", true), as), codes.FailedPrecondition, "SECOND_PERSON_MISSING"),
		"a no from there": apitest.Refused(apitest.Spoiled(holder.DecideHop, hop("berit", false), as), codes.FailedPrecondition, "SECOND_PERSON_MISSING"),
		"nobody":          apitest.Refused(apitest.Spoiled(holder.DecideHop, &routingv1.DecideHopRequest{RequestId: uuid.NewString(), Handover: handover, Approve: true}, as), codes.InvalidArgument, "FIELD_INVALID"),
	})
	holder.Took(holder.DecideHop(w.Ctx, hop("sofie", true)))
	w.WantRefusals(map[string]apitest.BadRequest{"twice": apitest.Refused(apitest.Spoiled(holder.DecideHop, hop("sofie", true), as), codes.FailedPrecondition, "NOTHING_TO_DECIDE")})
}
