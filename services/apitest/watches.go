package apitest

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/childtext"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// ConversationWatch is a watch of a conversation.
type ConversationWatch struct {
	grpc.ServerStreamingClient[intakev1.WatchConversationResponse]
	T *testing.T
}

func (d Desk) WatchConversation(conversation string, after uint64) ConversationWatch {
	d.T.Helper()
	stream, err := d.Intake.WatchConversation(d.Ctx, &intakev1.WatchConversationRequest{Name: conversation, AfterPosition: after})
	if err != nil {
		d.T.Fatal(err)
	}
	return ConversationWatch{stream, d.T}
}

// Leave makes the sender leave.
func (w *World) Leave(sender Desk, handover string) {
	w.T.Helper()
	sender.Recorded(sender.Routing.LeaveHandover(w.Ctx, &routingv1.LeaveHandoverRequest{RequestId: uuid.NewString(), Handover: handover}))
}

// CustodyWatch is a watch of what a line is responsible for.
type CustodyWatch struct {
	grpc.ServerStreamingClient[routingv1.WatchCustodyResponse]
	T *testing.T
}

func (d Desk) WatchCustody(conversation string, after uint64) CustodyWatch {
	d.T.Helper()
	stream, err := d.Routing.WatchCustody(d.Ctx, &routingv1.WatchCustodyRequest{Conversation: conversation, AfterPosition: after})
	if err != nil {
		d.T.Fatal(err)
	}
	return CustodyWatch{stream, d.T}
}

func (d Desk) Disconnect(conversation, who string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Recorded(d.Intake.DisconnectParticipant(d.Ctx, &intakev1.DisconnectParticipantRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Participant: who,
	}))
}

func (d Desk) Join(conversation, who string) *handoverv1.Recorded {
	d.T.Helper()
	return d.Took(d.Joining(conversation, who, uuid.NewString())(d.Ctx))
}

func (d Desk) GetCustody(conversation string) *routingv1.Custody {
	d.T.Helper()
	d.Settle()
	return Must[*routingv1.Custody](d.T)(d.Routing.GetCustody(d.Ctx, &routingv1.GetCustodyRequest{Name: conversation + "/custody"}))
}

const (
	OfferSent      = handoverv1.OfferState_OFFER_STATE_SENT
	OfferDelivered = handoverv1.OfferState_OFFER_STATE_DELIVERED
	OfferAlerting  = handoverv1.OfferState_OFFER_STATE_ALERTING
	OfferAccepted  = handoverv1.OfferState_OFFER_STATE_ACCEPTED
	OfferDeclined  = handoverv1.OfferState_OFFER_STATE_DECLINED
	OfferTimedOut  = handoverv1.OfferState_OFFER_STATE_TIMED_OUT
)

// OfferWatch is a watch of a line's offers.
type OfferWatch struct {
	grpc.ServerStreamingClient[routingv1.WatchOffersResponse]
	t *testing.T
}

func (d Desk) WatchOffers(after uint64) OfferWatch {
	d.T.Helper()
	stream, err := d.Routing.WatchOffers(d.Ctx, &routingv1.WatchOffersRequest{AfterPosition: after})
	if err != nil {
		d.T.Fatal(err)
	}
	return OfferWatch{stream, d.T}
}

// Next is the next answer, which must be about an offer in a state.
func (o OfferWatch) Next(offer string, state handoverv1.OfferState) *routingv1.WatchOffersResponse {
	o.t.Helper()
	response, err := o.Recv()
	if err != nil {
		o.t.Fatal(err)
	}
	if response.Offer.Name != offer || response.Offer.State != state {
		o.t.Fatalf("got %s, which is %v, want %s, which is %v", response.Offer.Name, response.Offer.State, offer, state)
	}
	return response
}

func (d Desk) Acknowledge(offer string, state handoverv1.OfferState) *handoverv1.Recorded {
	d.T.Helper()
	return d.Recorded(d.Routing.AcknowledgeOffer(d.Ctx, &routingv1.AcknowledgeOfferRequest{RequestId: uuid.NewString(), Offer: offer, State: state}))
}

// NextStatus is the next text for the child, which must have a key, and its position.
func (w ConversationWatch) NextStatus(key childtext.Key, repetition uint32) (*ChildStatus, uint64) {
	w.T.Helper()
	before := uint64(0)
	for {
		response := Must[*intakev1.WatchConversationResponse](w.T)(w.Recv())
		if response.Status == nil {
			before = response.Position
			continue
		}
		if response.Status.Key != string(key) || response.Status.Repetition != repetition || response.Status.Text == "" {
			w.T.Fatalf("got %v, want %s for the %d-th time", response.Status, key, repetition)
		}
		if response.Position < before || response.Events == nil && response.RecordTime != nil {
			w.T.Errorf("got %v after position %d", response, before)
		}
		return response.Status, response.Position
	}
}

// NextForChild is the next answer that has a text for the child.
func (w ConversationWatch) NextForChild() *intakev1.WatchConversationResponse {
	w.T.Helper()
	for {
		if r := Must[*intakev1.WatchConversationResponse](w.T)(w.Recv()); r.Status != nil {
			return r
		}
	}
}

type ChildStatus = intakev1.ChildStatus

func EmergencyCall(conversation string) *routingv1.CallEmergencyRequest {
	return &routingv1.CallEmergencyRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Participant: "mina", Service: handoverv1.EmergencyService_EMERGENCY_SERVICE_MEDICAL,
	}
}

// Override returns the request with which mina and a supervisor override the child's consent, signed by
// both.
func (d Desk) Override(handover string) *intakev1.OverrideConsentRequest {
	d.T.Helper()
	request := &intakev1.OverrideConsentRequest{
		RequestId: uuid.NewString(), Handover: handover, Code: handoverv1.OverrideCode_OVERRIDE_CODE_DANGER_TO_LIFE,
		Participant: "mina", SecondPerson: "supervisor", Scopes: IntroAndLine,
	}
	request.Signatures = d.Signs(ConversationOf(handover), request, d.Person("mina"), d.Person("supervisor"))
	return request
}

// InDanger assesses a conversation as R3, for what only then is allowed.
func (d Desk) InDanger(conversation string) string {
	d.T.Helper()
	d.Recorded(d.Triage.AssessRisk(d.Ctx, &triagev1.AssessRiskRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Level: handoverv1.RiskLevel_RISK_LEVEL_R3,
	}))
	return conversation
}

func Deferral(handover string, start time.Time) *routingv1.DeferHandoverRequest {
	return &routingv1.DeferHandoverRequest{
		RequestId: uuid.NewString(), Handover: handover, Reason: handoverv1.DeferReason_DEFER_REASON_CHILD_PREFERS,
		Slot: &routingv1.Slot{Line: "lines/first", StartTime: timestamppb.New(start), EndTime: timestamppb.New(start.Add(time.Hour))},
	}
}
