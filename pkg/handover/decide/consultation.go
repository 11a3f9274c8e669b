package decide

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// EndConsultation withdraws the consultation that has not ended, if there is one.
func (t *Turn) EndConsultation(reason handoverv1.PassReason) {
	if k := t.Conversation.OpenConsultation(); k.Exists() {
		t.Emit(&eventv1.ConsultationWithdrawn{Consultation: k.Number(), Reason: reason})
	}
}

// NextConsultationAlert returns when the desk that is asked for advice is alerted again, or nil: at the times of a
// chat.
func (t *Turn) NextConsultationAlert(alerts uint32, deadline *timestamppb.Timestamp) *timestamppb.Timestamp {
	next := t.Now.Add(t.Rules.Alert)
	if alerts >= t.Rules.Alerts || !next.Before(deadline.AsTime()) {
		return nil
	}
	return timestamppb.New(next)
}
