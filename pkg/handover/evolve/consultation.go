package evolve

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// evolveConsultation applies what becomes of a consultation. It changes nothing else of the conversation.
func evolveConsultation(c handover.Conversation, what event.OfConsultation, at time.Time) {
	if asked, begins := what.(*eventv1.ConsultationAsked); begins {
		c.Conversation.Consultations = append(c.Conversation.Consultations, consultation(asked, at))
		return
	}
	k := c.Consultation(what.GetConsultation())
	if !k.Exists() {
		return
	}
	k.UpdateTime = timestamppb.New(at)
	switch what := what.(type) {
	case *eventv1.ConsultationAcknowledged:
		k.State, k.DeliveryDeadline = what.State, nil
	case *eventv1.ConsultationAlerted:
		k.Alerts, k.AlertDeadline = what.Alert, what.AlertDeadline
	case *eventv1.ConsultationAccepted:
		k.State, k.Participant = handover.OfferAccepted, what.Participant
		asksNobody(k)
	case *eventv1.ConsultationBriefed:
		k.Briefings = append(k.Briefings, &statev1.Briefing{Line: what.Line, Remarks: what.Remarks, Time: timestamppb.New(at)})
	default:
		endConsultation(k, what)
	}
}

func consultation(e *eventv1.ConsultationAsked, at time.Time) *statev1.Consultation {
	return &statev1.Consultation{
		Name: handover.ConsultationName(e.Id), FromLine: e.FromLine, FromParticipant: e.Participant, Line: e.Line,
		State: handover.OfferSent, Header: e.Header, OfferDeadline: e.OfferDeadline, DeliveryDeadline: e.DeliveryDeadline,
		Alerts: 1, AlertDeadline: e.AlertDeadline, Deadline: e.Deadline,
		CreateTime: timestamppb.New(at), UpdateTime: timestamppb.New(at),
	}
}

// endConsultation applies an end.
func endConsultation(k handover.Consultation, what event.OfConsultation) {
	switch what := what.(type) {
	case *eventv1.ConsultationAnswered:
		k.End, k.Answer = handover.ConsultationAnswered, what.Answer
	case *eventv1.ConsultationDeclined:
		k.End, k.State, k.DeclineCode = handover.ConsultationDeclined, handover.OfferDeclined, what.Code
	case *eventv1.ConsultationExpired:
		k.End, k.State = handover.ConsultationExpired, what.State
	case *eventv1.ConsultationWithdrawn:
		k.End, k.State, k.PassReason = handover.ConsultationWithdrawn, handover.OfferWithdrawn, what.Reason
	}
	asksNobody(k)
	k.Deadline = nil
}

// asksNobody ends the times until which the line must have answered.
func asksNobody(k handover.Consultation) {
	k.OfferDeadline, k.DeliveryDeadline, k.AlertDeadline = nil, nil, nil
}

// refreshConsultation tells the line that advises what has become known since it was asked.
func refreshConsultation(c handover.Conversation) {
	if k := c.OpenConsultation(); k.Exists() {
		k.Header = c.ConsultationHeader()
	}
}
