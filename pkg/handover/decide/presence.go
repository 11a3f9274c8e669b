package decide

import (
	"fmt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// RequireReceiver refuses unless a counsellor of the receiver is connected.
func (t *Turn) RequireReceiver(h handover.Handover) error {
	return RequirePresent(h.PresentReceiver(), "a counsellor of "+h.ToLine, "line", h.ToLine)
}

// RequirePresent refuses a participant who is not connected. The refusal says who in words and as
// metadata.
func RequirePresent(p *statev1.Participant, who string, metadata ...string) error {
	if p.GetPresent() {
		return nil
	}
	return refusal.ParticipantAbsent(fmt.Sprintf("%s is not in the conversation; they must join first", who), metadata...)
}

// RequireChild refuses unless the child is connected. On slow channels, where nobody is
// connected, it only requires that the child has not left.
func (t *Turn) RequireChild() error {
	child := t.Conversation.Child()
	if t.Conversation.Slow() && !child.Left {
		return nil
	}
	return RequirePresent(child, child.Id, "participant", child.Id)
}

// RequireCounsellor refuses unless this counsellor of the line is connected. The child,
// who has a pseudonym at its line too, does not count.
func (t *Turn) RequireCounsellor(line, id string) error {
	p := t.Conversation.Participant(line, id)
	if p != nil && p.Role != handoverv1.Role_ROLE_COUNSELLOR {
		return refusal.ParticipantNotCounsellor(fmt.Sprintf("%s is not a counsellor of %s; name the counsellor who does this", id, line),
			"participant", id, "line", line)
	}
	return RequirePresent(p, id+", a counsellor of "+line+",", "participant", id, "line", line)
}
