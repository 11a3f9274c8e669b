package apitest

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// BadRequest is a command that must be refused.
type BadRequest struct {
	send   func(ctx context.Context) error
	code   codes.Code
	reason string
}

// Refused is a command that must be refused with a code for a reason.
func Refused(send func(context.Context) error, code codes.Code, reason string) BadRequest {
	return BadRequest{send, code, reason}
}

// Spoiled is a command with a spoiled request.
func Spoiled[R proto.Message, A any](call func(context.Context, R) (A, error), request R, spoil func(R)) func(context.Context) error {
	return func(ctx context.Context) error {
		spoil(request)
		_, err := call(ctx, request)
		return err
	}
}

// WantRefusals checks that each is refused for its reason and leaves no trace.
func (w *World) WantRefusals(cases map[string]BadRequest) {
	w.T.Helper()
	for name, c := range cases {
		w.T.Log(name)
		w.WantUnchanged(func() { WantRefusal(w.T, c.send(w.Ctx), c.code, c.reason) })
	}
}

// the client's methods without their options.
func (d Desk) OverrideConsent(ctx context.Context, r *intakev1.OverrideConsentRequest) (*handoverv1.Recorded, error) {
	return Placed(d.Intake.OverrideConsent(ctx, r))
}

func (d Desk) DeferHandover(ctx context.Context, r *routingv1.DeferHandoverRequest) (*handoverv1.Recorded, error) {
	return Placed(d.Routing.DeferHandover(ctx, r))
}

func (d Desk) SignpostHandover(ctx context.Context, r *routingv1.SignpostHandoverRequest) (*handoverv1.Recorded, error) {
	return Placed(d.Routing.SignpostHandover(ctx, r))
}

func (d Desk) CallEmergency(ctx context.Context, r *routingv1.CallEmergencyRequest) (*handoverv1.Recorded, error) {
	return Placed(d.Routing.CallEmergency(ctx, r))
}

func (d Desk) IssueTicket(ctx context.Context, r *routingv1.IssueTicketRequest) (*Issued, error) {
	return d.Routing.IssueTicket(ctx, r)
}

func (d Desk) ClaimTicket(ctx context.Context, r *routingv1.ClaimTicketRequest) (*Claimed, error) {
	return d.Routing.ClaimTicket(ctx, r)
}

func (d Desk) DecideHop(ctx context.Context, r *routingv1.DecideHopRequest) (*handoverv1.Recorded, error) {
	return Placed(d.Routing.DecideHop(ctx, r))
}

func (d Desk) DecideHandover(ctx context.Context, r *routingv1.DecideHandoverRequest) (*handoverv1.Recorded, error) {
	return Placed(d.Routing.DecideHandover(ctx, r))
}

func (d Desk) RecordDuty(ctx context.Context, r *triagev1.RecordDutyRequest) (*handoverv1.Recorded, error) {
	return Placed(d.Triage.RecordDuty(ctx, r))
}

// PassOn hands a conversation on from line to line, and returns the last. The child calls each
// line, so that its leg moves along.
func (w *World) PassOn(conversation string, lines ...string) Desk {
	w.T.Helper()
	for n, from := range lines[:len(lines)-1] {
		sender, receiver := w.Desk(from), w.Desk(lines[n+1])
		handover := sender.Propose(conversation, receiver.Line)
		AskConsent(sender, receiver, handover)
		GiveConsent(sender, receiver, handover)
		receiver.Accept(handover, "1")
		receiver.Receive(handover)
		who := map[bool]string{true: "mina", false: "aksel"}[n == 0]
		sender.Recorded(sender.Routing.OpenBridge(w.Ctx, &routingv1.OpenBridgeRequest{RequestId: uuid.NewString(), Handover: handover, Participant: who}))
		sender.Transfer(receiver, handover)
		w.Leave(sender, handover)
		receiver.Report(handover)
		ticket := &routingv1.IssueTicketRequest{RequestId: uuid.NewString(), Conversation: conversation, ToLine: "lines/" + receiver.Line, Channel: Chat}
		Must[*Claimed](w.T)(receiver.Claim(receiver.Issue(ticket).Link))
		receiver.Took(receiver.Answer(conversation, "aksel"))
	}
	return w.Desk(lines[len(lines)-1])
}

// WantRefusal checks code and reason of a refusal.
func WantRefusal(t *testing.T, err error, code codes.Code, reason string) {
	t.Helper()
	if status.Code(err) != code || client.Reason(err) != reason {
		t.Errorf("answered %v with reason %q, want %v with %s", err, client.Reason(err), code, reason)
	}
}
