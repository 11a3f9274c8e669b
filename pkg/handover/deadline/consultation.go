package deadline

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// consultationDues lists the deadlines of a consultation: for the machine to respond, for a person to answer, for
// the alerts in between, and for its end. It does not outlive its conversation.
func consultationDues(c handover.Conversation) []due {
	k := c.OpenConsultation()
	if !k.Exists() {
		return nil
	}
	if c.CloseTime != nil {
		return []due{{AtOnce, func(t *decide.Turn) { t.EndConsultation(0) }}}
	}
	all := when(k.OfferDeadline, func(t *decide.Turn) { expire(t, k, handover.OfferTimedOut) })
	all = append(all, when(k.AlertDeadline, func(t *decide.Turn) { alertAdviser(t, k) })...)
	all = append(all, when(k.DeliveryDeadline, func(t *decide.Turn) { expire(t, k, handover.OfferUnreachable) })...)
	if k.Accepted() {
		all = append(all, when(k.Deadline, func(t *decide.Turn) { expire(t, k, handover.OfferAccepted) })...)
	}
	return all
}

func expire(t *decide.Turn, k handover.Consultation, state handoverv1.OfferState) {
	t.Emit(&eventv1.ConsultationExpired{Consultation: k.Number(), State: state})
}

// alertAdviser alerts a desk again. Alerts missed while the platform was down are not repeated.
func alertAdviser(t *decide.Turn, k handover.Consultation) {
	if t.Past(k.OfferDeadline) {
		expire(t, k, handover.OfferTimedOut)
		return
	}
	t.Emit(&eventv1.ConsultationAlerted{
		Consultation: k.Number(), Alert: k.Alerts + 1, AlertDeadline: t.NextConsultationAlert(k.Alerts+1, k.OfferDeadline),
	})
}

// withdrawShutConsultation withdraws the question from a line that can take nobody any more. One that has accepted
// may finish.
func withdrawShutConsultation(t *decide.Turn, shut handover.Shut) {
	k := t.Conversation.OpenConsultation()
	if !k.Exists() || k.Accepted() {
		return
	}
	if reason := shut.Entirely(k.Line); reason != 0 {
		t.EndConsultation(reason)
	}
}
