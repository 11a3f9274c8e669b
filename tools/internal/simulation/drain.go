package simulation

import (
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// drain lets everybody fall silent and runs the timers until there are no deadlines left.
// If the child was there, it stays for the first three, then disconnects, so that its line
// is not alerted forever.
func (w *world) drain() {
	r := w.replicas[0]
	w.catchUp(r)
	if r.state.Conversation == nil {
		return
	}
	unreported := awaiting(r.state.Conversation)
	w.fire(r, 3)
	w.disconnectChild(r)
	w.helpComes(r)
	w.outOfDanger(r)
	if w.fire(r, timers) && !chased(r.state.Conversation) {
		w.violated("drain", "after %d timers something is due", timers)
	}
	w.drained(r.state.Conversation, unreported)
}

// timers is the maximum number that may fire before no deadline is left: three offers with
// their alerts, the bridge, the outcome with its reminders, and some to spare.
const timers = 40

// fire lets at most n timers fire at their instants, and reports whether more deadlines
// remain.
func (w *world) fire(r *replica, n int) bool {
	for range n {
		due, waiting := deadline.Due(r.state.Conversation)
		if !waiting || len(w.found) > 0 {
			return false
		}
		w.toInstant(r, due)
		before := len(w.log.entries)
		w.move(Move{Kind: "tick"})
		if len(w.log.entries) == before {
			w.violated("progress", "at %s, when something is due, the platform does nothing", due)
		}
	}
	_, waiting := deadline.Due(r.state.Conversation)
	return waiting
}

// toInstant advances time until a replica's clock shows an instant, unless it is already
// past it.
func (w *world) toInstant(r *replica, at time.Time) {
	if at.After(r.time(w.now)) {
		w.now = at.Add(-r.skew)
	}
}

func (w *world) disconnectChild(r *replica) {
	c := handover.Of(r.state.Conversation)
	p, forever := c.Child(), c.Slow() && c.Waiting() // in slow writing it waits whether it is there or not
	if c.CloseTime != nil || !p.GetPresent() && !forever {
		return
	}
	if !forever {
		w.last(p.Line, &intakev1.DisconnectParticipantRequest{Participant: p.Id})
		return
	}
	if !p.GetPresent() {
		w.last(p.Line, &intakev1.JoinConversationRequest{Participant: p.Id, Role: p.Role})
	}
	w.last(p.Line, &intakev1.LeaveConversationRequest{Participant: p.Id})
}

// last gives an order that no schedule draws, under a request id of its own.
func (w *world) last(line string, request proto.Message) {
	w.lastRequests++
	w.move(Move{Kind: "say", Request: lastRequest + w.lastRequests, Order: order.Of(line, request)})
}

// helpComes confirms an emergency, which would be reviewed forever.
func (w *world) helpComes(r *replica) {
	if c := r.state.Conversation; c.Emergency != nil && c.CloseTime == nil {
		w.last(c.Custody.Line, &routingv1.ConfirmEmergencyRequest{Participant: counsellor(c.Custody.Line, 0)})
	}
}

// outOfDanger lowers the risk of the child, of whose disappearance supervisors would be told forever.
func (w *world) outOfDanger(r *replica) {
	if c := r.state.Conversation; handover.Of(c).InDanger() && c.CloseTime == nil {
		w.last(c.Custody.Line, &triagev1.AssessRiskRequest{Level: handoverv1.RiskLevel_RISK_LEVEL_R1})
	}
}

// lastRequest is the first of the request ids that are never drawn.
const lastRequest = 1 << 30

// chased reports whether supervisors are notified repeatedly about the newest handover,
// which is one hop too many, or a sender whom the child asked to stay by slow writing has not
// answered.
func chased(c *statev1.Conversation) bool {
	h := handover.Of(c).Current().Handover
	if handover.Of(c).Overlap().GetStayAsked() {
		return true
	}
	return h.GetNextActor() == handoverv1.NextActor_NEXT_ACTOR_SUPERVISOR
}

// awaiting reports whether the newest handover still waits for its outcome.
func awaiting(c *statev1.Conversation) bool {
	return handover.Of(c).Current().GetState() == handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME
}

// drained asserts the final state of a conversation that everybody has abandoned.
func (w *world) drained(c *statev1.Conversation, unreported bool) {
	h := handover.Of(c).Current().Handover
	if h == nil || len(w.found) > 0 {
		return
	}
	if !handover.Ended(h.State) && !chased(c) {
		w.violated("drain", "%s is %s and stays so", h.Name, h.State)
	}
	if unreported && h.Outcome != handoverv1.Outcome_OUTCOME_MISSING {
		w.violated("drain", "the outcome of %s was never reported and is %s", h.Name, h.Outcome)
	}
}
