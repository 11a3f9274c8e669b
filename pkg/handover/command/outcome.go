package command

import (
	"slices"

	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// technical outcomes say only whether contact was made, not what it was about, so they
// need no consent of their own.
var technical = []handoverv1.Outcome{
	handoverv1.Outcome_OUTCOME_ONGOING,
	handoverv1.Outcome_OUTCOME_CHILD_LEFT,
	handoverv1.Outcome_OUTCOME_NO_CONTACT,
}

// ReportOutcome reports to the sender what came of the handover, as far as the child
// allowed; also after the platform has recorded that it is missing.
type ReportOutcome struct {
	Line     string
	Handover uint32
	Outcome  handoverv1.Outcome
}

func reportOutcome(o decide.Origin, r *routingv1.ReportOutcomeRequest) ReportOutcome {
	return ReportOutcome{Line: o.Line, Handover: o.At.Handover, Outcome: r.Outcome}
}

func (c ReportOutcome) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	missing := h.Outcome == handoverv1.Outcome_OUTCOME_MISSING
	if h.Ended() && (!missing || h.OutcomeLate) {
		return refusal.HandoverState(h.Name+" is CLOSED and its outcome has been reported; nothing more is due", "handover", h.Name, "state", h.StateName())
	}
	feedback := handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME
	switch {
	case c.Outcome == handoverv1.Outcome_OUTCOME_MISSING:
		return refusal.Field("outcome", "the platform records MISSING when nothing is reported; report the outcome")
	case !slices.Contains(technical, c.Outcome) && !slices.Contains(h.Scopes(), feedback):
		return decide.OutsideConsent(feedback, "report ONGOING, CHILD_LEFT or NO_CONTACT, which need none")
	}
	t.Emit(&eventv1.OutcomeReported{Handover: h.Number(), Outcome: c.Outcome, Late: missing})
	return nil
}
