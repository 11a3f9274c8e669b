package consultation

import (
	"fmt"

	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// AcknowledgeConsultation records that the desk's machine has it (DELIVERED) or a person has seen it (ALERTING). A
// repeated acknowledgement emits no events.
type AcknowledgeConsultation struct {
	Line         string
	Consultation string
	State        handoverv1.OfferState
}

// Acknowledge makes the command of a request.
func Acknowledge(o decide.Origin, r *routingv1.AcknowledgeConsultationRequest) AcknowledgeConsultation {
	return AcknowledgeConsultation{Line: o.Line, Consultation: o.At.Consultation, State: r.State}
}

func (c AcknowledgeConsultation) Decide(t *decide.Turn) error {
	k, err := open(t, c.Line, c.Consultation)
	if err == nil && k.State < c.State {
		t.Emit(&eventv1.ConsultationAcknowledged{Consultation: k.Number(), State: c.State})
	}
	return err
}

// AcceptConsultation says that a counsellor is ready to advise.
type AcceptConsultation struct {
	Line         string
	Consultation string
	Participant  string
}

// Accept makes the command of a request.
func Accept(o decide.Origin, r *routingv1.AcceptConsultationRequest) AcceptConsultation {
	return AcceptConsultation{Line: o.Line, Consultation: o.At.Consultation, Participant: r.Participant}
}

func (c AcceptConsultation) Decide(t *decide.Turn) error {
	k, err := open(t, c.Line, c.Consultation)
	switch {
	case err != nil:
		return err
	case k.Accepted():
		return notNow(k, t, "it was accepted already; brief, answer or decline it")
	case t.Past(k.OfferDeadline):
		return tooLate(k)
	}
	t.Emit(&eventv1.ConsultationAccepted{Consultation: k.Number(), Participant: c.Participant})
	return nil
}

// DeclineConsultation ends a consultation without advice, before or after the accept.
type DeclineConsultation struct {
	Line         string
	Consultation string
	Code         handoverv1.DeclineCode
}

// Decline makes the command of a request.
func Decline(o decide.Origin, r *routingv1.DeclineConsultationRequest) DeclineConsultation {
	return DeclineConsultation{Line: o.Line, Consultation: o.At.Consultation, Code: r.Code}
}

func (c DeclineConsultation) Decide(t *decide.Turn) error {
	k, err := open(t, c.Line, c.Consultation)
	if err == nil {
		t.Emit(&eventv1.ConsultationDeclined{Consultation: k.Number(), Code: c.Code})
	}
	return err
}

// BriefConsultation tells the other line something, in codes.
type BriefConsultation struct {
	Line         string
	Consultation string
	Remarks      []handoverv1.ConsultationRemark
}

// briefings is how often the two lines of a consultation may tell each other something.
const briefings = 50

// Brief makes the command of a request.
func Brief(o decide.Origin, r *routingv1.BriefConsultationRequest) BriefConsultation {
	return BriefConsultation{Line: o.Line, Consultation: o.At.Consultation, Remarks: r.Remarks}
}

func (c BriefConsultation) Decide(t *decide.Turn) error {
	k, err := accepted(t, c.Line, c.Consultation)
	if err != nil {
		return err
	}
	if n := len(k.Briefings); n >= briefings {
		return tooMany(fmt.Sprintf("%s has had %d briefings; answer it, or withdraw it", k.Name, n), n)
	}
	t.Emit(&eventv1.ConsultationBriefed{Consultation: k.Number(), Line: c.Line, Remarks: c.Remarks})
	return nil
}

// AnswerConsultation ends a consultation with what the line advises.
type AnswerConsultation struct {
	Line         string
	Consultation string
	Answer       handoverv1.ConsultationAnswer
}

// Answer makes the command of a request.
func Answer(o decide.Origin, r *routingv1.AnswerConsultationRequest) AnswerConsultation {
	return AnswerConsultation{Line: o.Line, Consultation: o.At.Consultation, Answer: r.Answer}
}

func (c AnswerConsultation) Decide(t *decide.Turn) error {
	k, err := accepted(t, c.Line, c.Consultation)
	if err == nil {
		t.Emit(&eventv1.ConsultationAnswered{Consultation: k.Number(), Answer: c.Answer})
	}
	return err
}

// WithdrawConsultation ends a consultation that the line asked for.
type WithdrawConsultation struct {
	Line         string
	Consultation string
}

// Withdraw makes the command of a request.
func Withdraw(o decide.Origin, _ *routingv1.WithdrawConsultationRequest) WithdrawConsultation {
	return WithdrawConsultation{Line: o.Line, Consultation: o.At.Consultation}
}

func (c WithdrawConsultation) Decide(t *decide.Turn) error {
	if _, err := open(t, c.Line, c.Consultation); err != nil {
		return err
	}
	t.EndConsultation(0)
	return nil
}
