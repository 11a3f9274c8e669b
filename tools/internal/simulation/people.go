package simulation

import (
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// joins brings the child back, or a counsellor of a line that takes part.
func (d *drawer) joins(o *order.Order, r *intakev1.JoinConversationRequest, h *statev1.Handover) {
	c := d.conversation()
	if p := handover.Of(c).Child(); !p.Present && !d.one(4) {
		o.Line, r.Participant, r.Role = p.Line, p.Id, handoverv1.Role_ROLE_CHILD
		return
	}
	if h != nil && d.one(2) {
		o.Line = []string{h.FromLine, h.ToLine}[d.random.IntN(2)]
	}
	if handover.Of(c).Counsellors(c.Custody.Line) == 0 || o.Line == "" {
		o.Line = c.Custody.Line
	}
	r.Participant, r.Role = counsellor(o.Line, d.random.IntN(2)), handoverv1.Role_ROLE_COUNSELLOR
}

// somebody picks one of the people who were ever there, and the person's line.
func (d *drawer) somebody() (line, person string) {
	all := d.conversation().Participants
	p := all[d.random.IntN(len(all))]
	return p.Line, p.Id
}

// writes sends a message from somebody who is there, to everybody or to the counsellors.
func (d *drawer) writes(o *order.Order, r *intakev1.SendMessageRequest, h *statev1.Handover) {
	for range 3 {
		o.Line, r.Participant = d.somebody()
		if handover.Of(d.conversation()).Participant(o.Line, r.Participant).Present {
			break
		}
	}
	r.Audience = handoverv1.Audience_AUDIENCE_ALL
	if h.GetState() == handoverv1.HandoverState_HANDOVER_STATE_BRIEFING || d.one(6) {
		r.Audience = handoverv1.Audience_AUDIENCE_COUNSELLORS
	}
}
