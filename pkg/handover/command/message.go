package command

import (
	"fmt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
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

func sendMessage(o decide.Origin, r *intakev1.SendMessageRequest) SendMessage {
	return SendMessage{
		Line: o.Line, Participant: r.Participant, Audience: r.Audience,
		Commitment: o.Sealed.Commitment, SizeBucket: o.Sealed.SizeBucket,
	}
}

func (c SendMessage) Decide(t *decide.Turn) error {
	p, err := somebody(t, c.Line, c.Participant)
	if err != nil {
		return err
	}
	counsellorsOnly := c.Audience == handoverv1.Audience_AUDIENCE_COUNSELLORS
	if counsellorsOnly && p.Role == handoverv1.Role_ROLE_CHILD {
		return refusal.Field("audience", "the child cannot write to the counsellors alone; use ALL")
	}
	if !relays(t, c.Line, counsellorsOnly) {
		return notRelayed(t)
	}
	t.Emit(&eventv1.MessageSent{
		Message: t.Conversation.MessageCount + 1, Participant: c.Participant, Line: c.Line,
		Audience: c.Audience, Commitment: c.Commitment, SizeBucket: c.SizeBucket,
		Handover: sharedBy(t.Conversation).Number(),
	})
	return nil
}

// relays reports whether the platform currently relays a line's messages. It relays
// those of two lines that share the conversation, from the briefing on to the
// counsellors and from the bridge on to everybody, unless the child has said no; and
// always those between a relayed child and the line with custody. A line that comes for the next
// handover during an overlap waits for its own bridge.
func relays(t *decide.Turn, line string, counsellorsOnly bool) bool {
	c, h := t.Conversation, sharedBy(t.Conversation)
	if !h.Exists() {
		return false
	}
	takesPart := line == h.FromLine || line == h.ToLine
	shared := isShared(h) && takesPart
	if counsellorsOnly {
		return shared || h.State == handover.Briefing && !h.Stopped() && takesPart
	}
	return shared || c.LegLine != c.Custody.Line && (line == c.LegLine || line == c.Custody.Line)
}

// sharedBy returns the handover to which a message belongs: the newest, or the one in its
// overlap while the next has not come to the bridge.
func sharedBy(c handover.Conversation) handover.Handover {
	if h, overlap := c.Current(), c.Overlap(); overlap.Exists() && !isShared(h) && h.State != handover.Briefing {
		return overlap
	}
	return c.Current()
}

func isShared(h handover.Handover) bool {
	return h.State >= handover.Bridged && h.State <= handover.Transferred && !h.Stopped()
}

func notRelayed(t *decide.Turn) error {
	state, has := "no handover", "no handover"
	if h := t.Conversation.Current(); h.Exists() {
		state = h.StateName()
		has = "a handover that is " + state
	}
	return refusal.NotRelayed(fmt.Sprintf("%s has %s: words pass through the platform only "+
		"while two lines share the conversation (in a briefing, to the counsellors only) or the child's leg is relayed; "+
		"write in the line's own system", t.Conversation.Name, has),
		"conversation", t.Conversation.Name, "state", state)
}
