package simulation

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// rival lets a child of another conversation, in imminent danger, need the seat of a line, as services/routing
// does for it; or lets its seat be free again.
func (w *world) rival(r *replica, line string) {
	if w.rivals[line] {
		w.rivals[line] = false
		w.tick(r)
		w.turn(r, line)
		return
	}
	h := handover.Of(r.state.GetConversation()).Current()
	for o := range h.Offers() {
		if o.Line == line && o.Lease {
			preempt := deadline.Preempt{Handover: h.Number(), Offer: o.Number()}
			w.note(w.do(r, call{command: preempt, name: command.DefinitionFor(preempt).Name, caller: "spiffe://stafett.test/service/routing"}))
		}
	}
	w.rivals[line] = !w.seated(r, line)
}

// seated reports whether this conversation has a line's seat.
func (w *world) seated(r *replica, line string) bool {
	w.catchUp(r)
	for o := range handover.Of(r.state.GetConversation()).Current().Offers() {
		if o.Line == line && o.Lease {
			return true
		}
	}
	return false
}

// turn asserts that who lost a line's seat is asked as soon as it is free.
func (w *world) turn(r *replica, line string) {
	h := handover.Of(r.state.GetConversation()).Current()
	if o := h.Owed(); o.GetLine() == line && h.State == handover.Offered && !h.Stopped() && w.passes(line, h.Header) == 0 && r.time(w.now).Before(h.BudgetDeadline.AsTime()) {
		w.violated("SEAT", "%s has a seat again, and who lost it is not asked", line)
	}
}

// passes says why a line cannot be asked for a child.
func (w *world) passes(line string, header *handoverv1.PacketHeader) handoverv1.PassReason {
	urgent := header.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R4
	if w.rivals[line] || w.full[line] && !urgent { // seats of children in less danger yield
		return handoverv1.PassReason_PASS_REASON_NO_SEAT
	}
	return w.shutReason(line)
}

// coveted draws a line for a rival: mostly one that is being asked, or whose seat a rival has.
func (d *drawer) coveted() string {
	for _, line := range Lines {
		if d.rivals[line] && d.one(2) {
			return line
		}
	}
	for o := range handover.Of(d.conversation()).Current().Offers() {
		if o.Open() && !d.one(4) {
			return o.Line
		}
	}
	return Lines[d.random.IntN(len(Lines))]
}
