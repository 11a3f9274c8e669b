package simulation

import (
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// counsellor names the n-th counsellor of a line; the third never talks with a child.
func counsellor(line string, n int) string { return line + string(rune('1'+n)) }

// here returns a counsellor of the line who is there, or else the first.
func (d *drawer) here(line string) string {
	for _, p := range d.conversation().Participants {
		if p.Line == line && p.Role == handoverv1.Role_ROLE_COUNSELLOR && p.Present {
			return p.Id
		}
	}
	return counsellor(line, 0)
}

func (d *drawer) stranger(line string) string {
	if d.one(3) {
		return child
	}
	return counsellor(line, d.random.IntN(3))
}

// joins brings the child back, or a counsellor of a line that takes part.
func (d *drawer) joins(o *order.Order, h *handoverv1.Handover) {
	c := d.conversation()
	if p := handover.Of(c).Child(); !p.Present && !d.one(4) {
		o.Line, o.Person, o.Code = p.Line, p.Id, int32(handoverv1.Role_ROLE_CHILD)
		return
	}
	if h != nil && d.one(2) {
		o.Line = []string{h.FromLine, h.ToLine}[d.random.IntN(2)]
	}
	if handover.Of(c).Counsellors(c.Custody.Line) == 0 || o.Line == "" {
		o.Line = c.Custody.Line
	}
	o.Person, o.Code = counsellor(o.Line, d.random.IntN(2)), int32(handoverv1.Role_ROLE_COUNSELLOR)
}

// somebody picks one of the people who were ever there.
func (d *drawer) somebody(o *order.Order, _ *handoverv1.Handover) {
	all := d.conversation().Participants
	p := all[d.random.IntN(len(all))]
	o.Line, o.Person = p.Line, p.Id
}

// writes sends a message from somebody who is there, to everybody or to the counsellors.
func (d *drawer) writes(o *order.Order, h *handoverv1.Handover) {
	for range 3 {
		d.somebody(o, h)
		if handover.Of(d.conversation()).Participant(o.Line, o.Person).Present {
			break
		}
	}
	o.Code = int32(handoverv1.Audience_AUDIENCE_ALL)
	if h.GetState() == handoverv1.HandoverState_HANDOVER_STATE_BRIEFING || d.one(6) {
		o.Code = int32(handoverv1.Audience_AUDIENCE_COUNSELLORS)
	}
}

// elsewhere picks a line other than the one that gives the order.
func (d *drawer) elsewhere(o *order.Order) string {
	for {
		if to := Lines[d.random.IntN(len(Lines))]; to != o.Line || d.one(20) {
			return to
		}
	}
}
