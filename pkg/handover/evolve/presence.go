package evolve

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// arrive marks a participant as present, for the first time or again.
func arrive(c handover.Conversation, line, id string, role handoverv1.Role, at time.Time) {
	p := c.Participant(line, id)
	if p == nil {
		p = &statev1.Participant{Id: id, Line: line, Role: role}
		c.Participants = append(c.Participants, p)
	}
	if !p.Present {
		p.Since = timestamppb.New(at)
	}
	p.Present, p.Left = true, false
}

// senderIsBack ends what a handover did without its sender.
func senderIsBack(h handover.Handover) {
	if !h.Exists() || !h.SenderLost || h.Conversation().Counsellors(h.FromLine) == 0 {
		return
	}
	h.SenderLost, h.BridgeTime = false, nil
	h.NextActor = nextActor(h)
	waitForChild(h)
}

func leave(p *statev1.Participant, at time.Time) {
	disconnect(p, at)
	if p != nil {
		p.Left = true
	}
}

func disconnect(p *statev1.Participant, at time.Time) {
	if p.GetPresent() {
		p.Present, p.Since = false, timestamppb.New(at)
	}
}

// dismissCounsellors marks all counsellors of a line as having left, unless the line has
// custody or takes part in another handover.
func dismissCounsellors(c handover.Conversation, line string, at time.Time) {
	if line == c.Custody.GetLine() || c.TakesPart(line) {
		return
	}
	for _, p := range c.Participants {
		if p.Line == line && p.Role == handoverv1.Role_ROLE_COUNSELLOR {
			leave(p, at)
		}
	}
}
