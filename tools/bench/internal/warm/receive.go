package warm

import (
	"context"

	"github.com/google/uuid"
	"google.golang.org/grpc"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

type option = grpc.CallOption

func (c *conversation) accept(ctx context.Context) error {
	if err := c.accepting(); err != nil {
		return err
	}
	accepted, err := call(c, ctx, c.To.Routing.AcceptOffer, &routingv1.AcceptOfferRequest{RequestId: uuid.NewString(), Offer: c.offer})
	c.accepted = accepted.GetPosition()
	return err
}

func (c *conversation) bridge(ctx context.Context) error {
	_, err := call(c, ctx, c.To.Routing.JoinHandover, &routingv1.JoinHandoverRequest{RequestId: uuid.NewString(), Handover: c.handover, Participant: "aksel"})
	if err != nil {
		return err
	}
	_, err = call(c, ctx, c.From.Routing.OpenBridge, &routingv1.OpenBridgeRequest{RequestId: uuid.NewString(), Handover: c.handover, Participant: "mina"})
	return err
}

// transfer ends when the receiver has seen that it has custody.
func (c *conversation) transfer(ctx context.Context) error {
	_, err := call(c, ctx, c.To.Routing.ConfirmHandover, &routingv1.ConfirmHandoverRequest{RequestId: uuid.NewString(), Handover: c.handover, Participant: "aksel"})
	if err != nil {
		return err
	}
	moved := c.Watch.custody(c.name)
	if _, err := call(c, ctx, c.From.Intake.AgreeToHandover, &intakev1.AgreeToHandoverRequest{RequestId: uuid.NewString(), Handover: c.handover}); err != nil {
		return err
	}
	_, err = moved.wait(ctx)
	return err
}

func (c *conversation) finish(ctx context.Context) error {
	_, err := call(c, ctx, c.From.Routing.LeaveHandover, &routingv1.LeaveHandoverRequest{RequestId: uuid.NewString(), Handover: c.handover})
	if err != nil {
		return err
	}
	_, err = call(c, ctx, c.To.Routing.ReportOutcome, &routingv1.ReportOutcomeRequest{
		RequestId: uuid.NewString(), Handover: c.handover, Outcome: handoverv1.Outcome_OUTCOME_ONGOING,
	})
	if err != nil {
		return err
	}
	_, err = call(c, ctx, c.To.Intake.CloseConversation, closing(c.name))
	return err
}

func closing(conversation string) *intakev1.CloseConversationRequest {
	return &intakev1.CloseConversationRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED,
	}
}
