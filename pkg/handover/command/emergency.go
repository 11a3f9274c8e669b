package command

import (
	"fmt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/persons"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// CallEmergency records that an emergency service is called. Nothing that is due, and no
// state of a handover, stands in its way; it takes nobody out and ends no handover.
type CallEmergency struct {
	Line        string
	Service     handoverv1.EmergencyService
	Participant string
}

func callEmergency(o decide.Origin, r *routingv1.CallEmergencyRequest) CallEmergency {
	return CallEmergency{Line: o.Line, Service: r.Service, Participant: r.Participant}
}

func (c CallEmergency) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	if err := requireAdult(t, c.Line, c.Participant); err != nil {
		return err
	}
	if t.Past(t.Conversation.Emergency.GetReviewDeadline()) {
		t.ReviewEmergency() // of the earlier call, whose time has come at this instant
	}
	t.Emit(&eventv1.EmergencyCalled{
		Service: c.Service, Participant: c.Participant, Line: c.Line,
		Deadline: handover.Earlier(t.Conversation.Emergency.GetReviewDeadline(), t.In(t.Rules.Supervisor)),
	})
	if t.Conversation.Disappeared() {
		t.DecideOnDisappearance(c.Line, c.Participant, handoverv1.DisappearanceDecision_DISAPPEARANCE_DECISION_CALL_HELP)
	}
	return nil
}

// requireAdult refuses the child's own pseudonym. A person who calls help, or knows that it
// came, need not be connected.
func requireAdult(t *decide.Turn, line, id string) error {
	if child := t.Conversation.Child(); line == child.Line && id == child.Id {
		return refusal.ParticipantNotCounsellor(fmt.Sprintf("%s is the child; name the person of %s who does this", id, line),
			"participant", id, "line", line)
	}
	return nil
}

// ConfirmEmergency records that the emergency service has reached the child, which ends the
// emergency.
type ConfirmEmergency struct {
	Line        string
	Participant string
}

func confirmEmergency(o decide.Origin, r *routingv1.ConfirmEmergencyRequest) ConfirmEmergency {
	return ConfirmEmergency{Line: o.Line, Participant: r.Participant}
}

func (c ConfirmEmergency) Decide(t *decide.Turn) error {
	h, err := emergencyFor(t, c.Line)
	if err != nil {
		return err
	}
	if err := requireAdult(t, c.Line, c.Participant); err != nil {
		return err
	}
	t.Emit(&eventv1.EmergencyConfirmed{Handover: h.Number(), Participant: c.Participant, Line: c.Line})
	return nil
}

// emergencyFor refuses unless an emergency is under way. In earlier histories a handover
// became the emergency; it returns that handover, or none.
func emergencyFor(t *decide.Turn, line string) (handover.Handover, error) {
	if err := t.Admit(line); err != nil {
		return handover.Handover{}, err
	}
	h := t.Conversation.Current()
	switch {
	case t.Conversation.Emergency != nil:
		return handover.Handover{}, nil
	case h.Exists() && h.State == handover.Emergency:
		return h, nil
	}
	return handover.Handover{}, refusal.NoEmergency(fmt.Sprintf("no emergency service is on its way to the child of %s; CallEmergency calls one", t.Conversation.Name),
		"conversation", t.Conversation.Name)
}

// EndEmergency records that two persons of the line with custody say that the emergency is
// over, although nobody confirmed contact with the child.
type EndEmergency struct {
	Line         string
	Participant  string
	SecondPerson string
	Reason       handoverv1.EmergencyEnd
	Signed       persons.Signed
}

func endEmergency(o decide.Origin, lines handover.Directory, r *routingv1.EndEmergencyRequest) EndEmergency {
	return EndEmergency{
		Line: o.Line, Participant: r.Participant, SecondPerson: r.SecondPerson, Reason: r.Reason,
		Signed: persons.Of("EndEmergency", lines.Staff, r),
	}
}

func (c EndEmergency) Decide(t *decide.Turn) error {
	h, err := emergencyFor(t, c.Line)
	if err != nil {
		return err
	}
	if h.Exists() {
		return t.RequireAllowed(h)
	}
	if err := requireAdult(t, c.Line, c.Participant); err != nil {
		return err
	}
	proof, err := c.Signed.Require(t, persons.Wanted{Line: c.Line, First: c.Participant, Second: c.SecondPerson})
	if err != nil {
		return err
	}
	t.Emit(&eventv1.EmergencyEnded{Line: c.Line, Participant: c.Participant, SecondPerson: c.SecondPerson, Reason: c.Reason, Persons: proof})
	return nil
}
