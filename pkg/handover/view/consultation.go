package view

import (
	"github.com/stafett/stafett/pkg/handover"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Consultation builds a consultation as one of its two lines sees it. The line that is asked learns nothing that
// tells one child from another, not even the name of the conversation.
func Consultation(c handover.Conversation, k handover.Consultation, line string) *routingv1.Consultation {
	v := &routingv1.Consultation{
		Name: k.Name, FromLine: name(k.FromLine), Line: name(k.Line), Participant: k.Participant,
		State: k.State, End: k.End, Header: k.Header,
		OfferDeadline: k.OfferDeadline, DeliveryDeadline: k.DeliveryDeadline, Alerts: k.Alerts, AlertDeadline: k.AlertDeadline,
		Deadline: k.Deadline, Answer: k.Answer, DeclineCode: k.DeclineCode, PassReason: k.PassReason,
		CreateTime: k.CreateTime, UpdateTime: k.UpdateTime,
	}
	if k.FromLine == line {
		v.Conversation = c.Name
	}
	for _, b := range k.Briefings {
		v.Briefings = append(v.Briefings, &routingv1.Briefing{Line: name(b.Line), Remarks: b.Remarks, BriefTime: b.Time})
	}
	return v
}

// Followed returns the name of the consultation that a handover follows, or "".
func Followed(h handover.Handover) string {
	return h.Conversation().Consultation(h.Handover.Consultation).GetName()
}
