package handover_test

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/invariant"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// sound expects all invariants of the history so far, and of the state that the
// handover has somebody to wait for.
func (w *walk) sound() {
	if w.checked == len(w.history) {
		return
	}
	w.checked = len(w.history)
	for _, v := range invariant.Check(w.history).Violations {
		if w.punctual || !v.Late {
			w.t.Errorf("%s", v)
		}
	}
	c := w.state.Conversation
	w.attended(c)
	for _, h := range c.Handovers {
		w.leases(h)
	}
	if h := handover.Current(c); h != nil && !handover.Ended(h) {
		w.awaited(c, h)
	}
}

// awaited expects that an unfinished handover waits for somebody, until an
// instant, and that no open offer outlives the budget.
func (w *walk) awaited(c *handoverv1.Conversation, h *handoverv1.Handover) {
	supervised := h.SupervisorNeeded && h.Supervisor == ""
	unhurried := h.State == stateOf("PROPOSED") && !h.Consent.Refused && !slow[c.Channel] && !supervised
	if h.NextActor == 0 || h.Deadline == nil && !unhurried {
		w.t.Errorf("in %s the next actor is %s, until %v", h.State, h.NextActor, h.Deadline)
	}
	if _, waiting := handover.Due(c); !waiting && !unhurried {
		w.t.Errorf("in %s nothing is due", h.State)
	}
	if budget := h.BudgetDeadline; budget != nil && h.AwayDeadline == nil {
		for _, o := range h.Offers {
			if handover.OpenOffer(o) && o.Deadline.AsTime().After(budget.AsTime()) {
				w.t.Errorf("%s ends after the budget", o.Name)
			}
		}
	}
}

// attended expects that a child who is there alone is somebody's to be alerted
// about, or waits in its first line's queue.
func (w *walk) attended(c *handoverv1.Conversation) {
	line := c.Custody.GetLine()
	if c.CloseTime != nil || slow[c.Channel] || !handover.Child(c).Present || handover.Counsellors(c, line) > 0 {
		if c.Custody.GetAlertDeadline() != nil {
			w.t.Errorf("%s is alerted for nothing", line)
		}
		if met := c.CloseTime != nil || handover.Counsellors(c, line) > 0; met && c.Custody.GetAlerts() > 0 {
			w.t.Errorf("of %s's alerts %d still count", line, c.Custody.GetAlerts())
		}
		return
	}
	for _, p := range c.Participants {
		_, waiting := handover.Due(c)
		if p.Line == line && p.Role == asCounsellor && !waiting {
			w.t.Errorf("the child is alone and %s is not alerted", line)
		}
	}
}

// leases expects that an offer holds a seat while it is open, or was accepted and
// the counsellor is on the way, and not otherwise.
func (w *walk) leases(h *handoverv1.Handover) {
	for _, o := range h.Offers {
		coming := o.State == handoverv1.OfferState_OFFER_STATE_ACCEPTED && h.State == stateOf("ACCEPTED") && h.ReceiverParticipant == ""
		if o.Lease != (handover.OpenOffer(o) || coming) {
			w.t.Errorf("%s to %s is %s in %s; it holds a seat: %t", o.Name, o.Line, o.State, h.State, o.Lease)
		}
		if over := h.State > stateOf("OFFERED"); over && (handover.OpenOffer(o) || o.State == handoverv1.OfferState_OFFER_STATE_PLANNED) {
			w.t.Errorf("%s is %s in %s", o.Name, o.State, h.State)
		}
	}
}
