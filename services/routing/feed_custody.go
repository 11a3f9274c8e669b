package routing

import (
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// custodyOf are the lines that must know of an event: those whose custody it changed, and
// those that now must do something for the platform, or no longer must.
func custodyOf(c *statev1.Conversation, e *eventv1.Event) []string {
	switch what := event.What(e).(type) {
	case *eventv1.CustodyOpened:
		return []string{what.Line}
	case *eventv1.CustodyTransferred:
		return []string{what.FromLine, what.ToLine}
	case *eventv1.CustodyClosed:
		return []string{what.Line}
	case *eventv1.CustodyAlerted:
		return []string{what.Line}
	case *eventv1.SupervisorTold:
		return []string{what.Line}
	case *eventv1.ParticipantJoined, *eventv1.RiskAssessed, *eventv1.DisappearanceDecided: // someone is with the child again, or knows more
		return []string{c.Custody.Line}
	case *eventv1.ParticipantLeft, *eventv1.ParticipantDisconnected:
		if !handover.Of(c).Child().GetPresent() { // an absent child is not left alone
			return []string{c.Custody.Line}
		}
		return nil
	default:
		return wantedOf(handover.Of(c).Handover(event.Handover(what)), what)
	}
}

// wantedOf is the line that an event of a handover asks for a decision or an outcome, or no
// longer asks.
func wantedOf(h handover.Handover, what proto.Message) []string {
	switch what := what.(type) {
	case *eventv1.BudgetSpent, *eventv1.DeferralDue, *eventv1.PromiseLost, *eventv1.HandoverReturned, *eventv1.SenderDecided,
		*eventv1.HandoverCancelled, *eventv1.HandoverAbandoned:
		return []string{h.GetFromLine()}
	case *eventv1.HandoverProposed:
		if what.Handover > 1 { // pending decisions about earlier handovers are settled
			return []string{h.GetFromLine()}
		}
	case *eventv1.OutcomeOverdue, *eventv1.OutcomeReported:
		return []string{h.GetToLine()}
	}
	return nil
}

// decisionsDue are the handovers that a line must decide about.
func decisionsDue(c *statev1.Conversation, line string) []string {
	return namesWhere(c, func(h *statev1.Handover) bool { return h.DecisionDue && h.FromLine == line })
}

// outcomesDue are the handovers whose outcome a line has not reported in time.
func outcomesDue(c *statev1.Conversation, line string) []string {
	return namesWhere(c, func(h *statev1.Handover) bool {
		waits := h.State == handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME
		return waits && h.OutcomeEscalation > 0 && h.ToLine == line
	})
}

func namesWhere(c *statev1.Conversation, holds func(*statev1.Handover) bool) []string {
	var names []string
	for _, h := range c.Handovers {
		if holds(h) {
			names = append(names, h.Name)
		}
	}
	return names
}
