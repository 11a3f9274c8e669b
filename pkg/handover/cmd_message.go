package handover

import (
	"fmt"

	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

// SendMessage relays a message while two lines share the conversation, or while the
// child's leg is relayed to the line with custody. An ordinary chat stays in its line's
// own system.
type SendMessage struct {
	Line        string
	Participant string
	Audience    handoverv1.Audience
	Commitment  []byte
	SizeBucket  uint32
}

func sendMessage(o Origin, r *intakev1.SendMessageRequest) SendMessage {
	return SendMessage{
		Line: o.Line, Participant: r.Participant, Audience: r.Audience,
		Commitment: o.Sealed.Commitment, SizeBucket: o.Sealed.SizeBucket,
	}
}

func (c SendMessage) decide(t *turn) error {
	p, err := t.somebody(c.Line, c.Participant)
	if err != nil {
		return err
	}
	counsellorsOnly := c.Audience == handoverv1.Audience_AUDIENCE_COUNSELLORS
	if counsellorsOnly && p.Role == handoverv1.Role_ROLE_CHILD {
		return refusal.Field("audience", "the child cannot write to the counsellors alone; use ALL")
	}
	if !t.relays(c.Line, counsellorsOnly) {
		return t.notRelayed()
	}
	t.emit(&eventv1.MessageSent{
		Message: t.conversation.MessageCount + 1, Participant: c.Participant, Line: c.Line,
		Audience: c.Audience, Commitment: c.Commitment, SizeBucket: c.SizeBucket,
		Handover: uint32(len(t.conversation.GetHandovers())),
	})
	return nil
}

// relays reports whether the platform currently relays a line's messages. It relays
// those of two lines that share the conversation, from the briefing on to the
// counsellors and from the bridge on to everybody, unless the child has said no; and
// always those between a relayed child and the line with custody.
func (t *turn) relays(line string, counsellorsOnly bool) bool {
	c, h := t.conversation, t.conversation.Current()
	if !h.Exists() {
		return false
	}
	shared := h.State >= bridged && h.State <= transferred && !h.Stopped()
	if counsellorsOnly {
		return shared || h.State == briefing && !h.Stopped()
	}
	return shared || c.LegLine != c.Custody.Line && (line == c.LegLine || line == c.Custody.Line)
}

func (t *turn) notRelayed() error {
	state, has := "no handover", "no handover"
	if h := t.conversation.Current(); h.Exists() {
		state = stateName(h.State)
		has = "a handover that is " + state
	}
	return refusal.NotRelayed(fmt.Sprintf("%s has %s: words pass through the platform only "+
		"while two lines share the conversation (in a briefing, to the counsellors only) or the child's leg is relayed; "+
		"write in the line's own system", t.conversation.Name, has),
		"conversation", t.conversation.Name, "state", state)
}
