package simulation

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// doorMove returns what makes schedules at a closed door: sometimes the door closes before the child comes, and
// then the platform mostly looks at it soon.
func (d *drawer) doorMove() (m Move, drawn bool) {
	c := handover.Of(d.conversation())
	switch {
	case c.Conversation == nil && len(d.trace) == 0:
		return Move{Kind: "shut", Line: Lines[0]}, d.one(12)
	case c.Conversation != nil && c.Waiting() && c.ClosedDoor == nil && d.shut[c.Custody.Line]:
		return Move{Kind: "tick", Replica: d.near()}, d.one(2)
	}
	return m, false
}

// doorCommand draws what a line's system, the child and the receiver do at a closed door.
func (d *drawer) doorCommand(h handover.Handover) *command.Definition {
	switch {
	case !h.Exists() || h.Ended():
		return proposeCommand
	case h.State == handover.Accepted && h.ReceiverParticipant == "":
		return meetCommand
	}
	return onward[h.State].draw(d.random)
}

// proposes at a closed door to lines that the child chose, mostly.
func (d *drawer) proposes(r *routingv1.ProposeHandoverRequest) {
	if d.conversation().ClosedDoor == nil || d.one(8) {
		return
	}
	r.Candidates = nil
	for _, line := range Lines[1 : 2+d.random.IntN(len(Lines)-1)] {
		r.Candidates = append(r.Candidates, handover.LineName(line))
	}
}
