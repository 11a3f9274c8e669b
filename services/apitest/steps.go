package apitest

import (
	"context"

	"github.com/google/uuid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Sending is a command with its request id, to be sent once or again.
type Sending func(context.Context) (*handoverv1.Recorded, error)

// Joining is a counsellor's arrival.
func (d Desk) Joining(conversation, who, id string) Sending {
	return func(ctx context.Context) (*handoverv1.Recorded, error) {
		return Placed(d.Intake.JoinConversation(ctx, &intakev1.JoinConversationRequest{
			RequestId: id, Conversation: conversation, Participant: who, Role: handoverv1.Role_ROLE_COUNSELLOR,
		}))
	}
}

func (d Desk) Accepting(offer, id string) Sending {
	return func(ctx context.Context) (*handoverv1.Recorded, error) {
		return Placed(d.Routing.AcceptOffer(ctx, &routingv1.AcceptOfferRequest{RequestId: id, Offer: offer}))
	}
}

func (d Desk) Declining(offer, id string) Sending {
	return func(ctx context.Context) (*handoverv1.Recorded, error) {
		return Placed(d.Routing.DeclineOffer(ctx, &routingv1.DeclineOfferRequest{
			RequestId: id, Offer: offer, Code: handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY,
		}))
	}
}

// Confirming is the "I have it" of the counsellor who has joined.
func (d Desk) Confirming(handover, id string) Sending {
	return func(ctx context.Context) (*handoverv1.Recorded, error) {
		return Placed(d.Routing.ConfirmHandover(ctx, &routingv1.ConfirmHandoverRequest{RequestId: id, Handover: handover, Participant: "aksel"}))
	}
}

func (d Desk) Accept(handover, offer string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Took(d.Accepting(handover+"/offers/"+offer, uuid.NewString())(d.Ctx))
}

func (d Desk) Decline(handover, offer string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Took(d.Declining(handover+"/offers/"+offer, uuid.NewString())(d.Ctx))
}

// Receive brings a counsellor of the receiver to the sender and the child.
func (d Desk) Receive(handover string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Recorded(d.Routing.JoinHandover(d.Ctx, &routingv1.JoinHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Participant: "aksel"}))
}

// OpenBridge opens the bridge with the sender's counsellor.
func (d Desk) OpenBridge(handover string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Recorded(d.Routing.OpenBridge(d.Ctx, &routingv1.OpenBridgeRequest{RequestId: uuid.NewString(), Handover: handover, Participant: "mina"}))
}

func (d Desk) Confirm(handover string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Took(d.Confirming(handover, uuid.NewString())(d.Ctx))
}

// Agree records the child's agreement and waits until custody has moved.
func (d Desk) Agree(handover string) *handoverv1.Recorded {
	d.T.Helper()
	agreed := d.Recorded(d.Intake.AgreeToHandover(d.Ctx, &intakev1.AgreeToHandoverRequest{RequestId: uuid.NewString(), Handover: handover}))
	d.Settle()
	return agreed
}

// Report reports that the receiver goes on with the child.
func (d Desk) Report(handover string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Recorded(d.Routing.ReportOutcome(d.Ctx, &routingv1.ReportOutcomeRequest{
		RequestId: uuid.NewString(), Handover: handover, Outcome: handoverv1.Outcome_OUTCOME_ONGOING,
	}))
}
