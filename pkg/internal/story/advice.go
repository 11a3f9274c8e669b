package story

import (
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/consultation"
	"github.com/stafett/stafett/pkg/handover/decide"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Advice is a consultation: who asks whom, and who advises.
type Advice struct{ From, Asker, To, Adviser, ID string }

// Advised is the first consultation of a story: at the door, of the emergency line.
var Advised = Advice{Bullying, "kim", Emergency, "ola", strings.Repeat("c", 32)}

// What an adviser says.
const (
	AdviceGiven     = handoverv1.ConsultationAnswer_CONSULTATION_ANSWER_ADVICE_GIVEN
	HandoverAdvised = handoverv1.ConsultationAnswer_CONSULTATION_ANSWER_HANDOVER_ADVISED
)

func (a Advice) Name() string { return handover.ConsultationName(a.ID) }

func (a Advice) Ask() decide.Command {
	return consultation.AskConsultation{Line: a.From, Participant: a.Asker, ToLine: a.To, ID: a.ID}
}
func (a Advice) Delivered() decide.Command { return a.acknowledge(handover.OfferDelivered) }
func (a Advice) Seen() decide.Command      { return a.acknowledge(handover.OfferAlerting) }
func (a Advice) acknowledge(state handoverv1.OfferState) decide.Command {
	return consultation.AcknowledgeConsultation{Line: a.To, Consultation: a.Name(), State: state}
}
func (a Advice) Accept() decide.Command {
	return consultation.AcceptConsultation{Line: a.To, Consultation: a.Name(), Participant: a.Adviser}
}
func (a Advice) Decline() decide.Command {
	return consultation.DeclineConsultation{Line: a.To, Consultation: a.Name(), Code: handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY}
}
func (a Advice) Brief() decide.Command {
	return consultation.BriefConsultation{Line: a.From, Consultation: a.Name(), Remarks: []handoverv1.ConsultationRemark{
		handoverv1.ConsultationRemark_CONSULTATION_REMARK_ASKS_WHETHER_TO_REPORT, handoverv1.ConsultationRemark_CONSULTATION_REMARK_GOES_ON,
	}}
}
func (a Advice) Answer(what handoverv1.ConsultationAnswer) decide.Command {
	return consultation.AnswerConsultation{Line: a.To, Consultation: a.Name(), Answer: what}
}
func (a Advice) Withdraw() decide.Command {
	return consultation.WithdrawConsultation{Line: a.From, Consultation: a.Name()}
}

// Consulted expects where the newest consultation stands, and how it ended.
func (s *Story) Consulted(state, end string) *Story {
	s.t.Helper()
	c := handover.Of(s.State.Conversation)
	k := c.Consultation(uint32(len(c.Consultations)))
	ended := strings.TrimPrefix(k.End.String(), "CONSULTATION_END_")
	if k.StateName() != state || ended != end || k.Ended() != (k.Deadline == nil) {
		s.t.Errorf("the consultation is %s and ended %s (until %v), want %s and %s", k.StateName(), ended, k.Deadline, state, end)
	}
	return s
}
