package command

import (
	"fmt"

	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// protocol is the version that conversations are opened under. Since 2, two persons sign; since 3,
// somebody is told of every child who is alone or disappears; since 4, a yes over the phone says who heard it.
const protocol = 4

// OpenConversation opens a conversation for a child who comes through a line's door.
// From here on the line is responsible, even while the child waits.
type OpenConversation struct {
	Conversation string // its resource name
	Line         string
	Channel      handoverv1.Channel
	Language     string
	AgeBand      *handoverv1.AgeBand
	Area         string
	Child        string
	Door         string // the line's door through which the child came; may be empty
	// Waiting is how long the line lets a child wait before it is alerted; nil is the protocol's time.
	Waiting *durationpb.Duration
}

func openConversation(o decide.Origin, lines handover.Directory, r *intakev1.OpenConversationRequest) OpenConversation {
	return OpenConversation{
		Conversation: handover.ConversationName(o.At.Conversation), Line: o.Line, Channel: r.Channel, Language: r.LanguageCode, AgeBand: r.AgeBand,
		Area: r.Area, Child: r.Child, Door: r.Door, Waiting: lines.Deadlines(o.Line).GetWaiting(),
	}
}

func (c OpenConversation) Decide(t *decide.Turn) error {
	if t.State.GetCommits() > 0 {
		return refusal.RequestIDReused("this request_id has opened a conversation before; use a new one for each command")
	}
	if err := CheckAges("age_band", c.AgeBand); err != nil {
		return err
	}
	t.Name = c.Conversation
	t.Emit(&eventv1.ConversationOpened{
		Conversation: c.Conversation, Line: c.Line, Channel: c.Channel,
		Language: c.Language, AgeBand: c.AgeBand, Area: c.Area, Door: c.Door, Waiting: c.Waiting, Protocol: protocol,
	})
	t.Emit(&eventv1.CustodyOpened{Line: c.Line, Epoch: 1})
	t.Emit(&eventv1.ParticipantJoined{Participant: c.Child, Line: c.Line, Role: handoverv1.Role_ROLE_CHILD})
	return nil
}

// CheckAges refuses an age band whose minimum is above its maximum. The field names it
// in the error.
func CheckAges(field string, band *handoverv1.AgeBand) error {
	if band.GetMaxYears() != 0 && band.MinYears > band.MaxYears {
		return refusal.Field(field, fmt.Sprintf("min_years %d is above max_years %d; swap them", band.MinYears, band.MaxYears))
	}
	return nil
}

// JoinConversation records that the child, or a counsellor of a participating line, is
// present, for the first time or again.
type JoinConversation struct {
	Line        string
	Participant string
	Role        handoverv1.Role
}

func joinConversation(o decide.Origin, r *intakev1.JoinConversationRequest) JoinConversation {
	return JoinConversation{Line: o.Line, Participant: r.Participant, Role: r.Role}
}

func (c JoinConversation) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	if err := mayJoin(t, c); err != nil {
		return err
	}
	p := t.Conversation.Participant(c.Line, c.Participant)
	switch {
	case p != nil && p.Role != c.Role:
		return taken(c.Line, c.Participant)
	case p.GetPresent():
		return alreadyHere(c.Line, c.Participant)
	}
	t.Emit(&eventv1.ParticipantJoined{Participant: c.Participant, Line: c.Line, Role: c.Role})
	return nil
}

// mayJoin admits the child, who is always the same, at the line that holds the leg; and
// counsellors of the line with custody, of the receiver once it has joined, and of the
// sender until the overlap ends.
func mayJoin(t *decide.Turn, c JoinConversation) error {
	if c.Role == handoverv1.Role_ROLE_CHILD {
		if err := t.RequireLegHolder(c.Line); err != nil {
			return err
		}
		if t.Conversation.Child().Id != c.Participant {
			return refusal.Field("participant", "the conversation has another child; use the pseudonym it was opened with")
		}
		return nil
	}
	if c.Line == t.Conversation.Custody.Line {
		return nil
	}
	for h := range t.Conversation.Handovers() {
		underWay := h.State >= handover.Accepted && h.State <= handover.Transferred && h.ReceiverParticipant != "" && !h.Stopped()
		if underWay && (c.Line == h.FromLine || c.Line == h.ToLine) {
			return nil
		}
	}
	return t.Deny(refusal.CustodyNotYours, c.Line, "neither has custody nor takes part in a handover of")
}

// LeaveConversation records that a participant leaves on purpose. The child always may,
// and on slow channels everybody may, since nobody is expected to be present. Elsewhere
// the last counsellor of the line with custody may not leave while the child is
// present; nor, during the overlap, may the sender's last counsellor before the
// receiver is present.
type LeaveConversation struct {
	Line        string
	Participant string
}

func leaveConversation(o decide.Origin, r *intakev1.LeaveConversationRequest) LeaveConversation {
	return LeaveConversation{Line: o.Line, Participant: r.Participant}
}

func (c LeaveConversation) Decide(t *decide.Turn) error {
	p, err := somebody(t, c.Line, c.Participant)
	if err != nil {
		return err
	}
	last := p.Role == handoverv1.Role_ROLE_COUNSELLOR && t.Conversation.Counsellors(c.Line) == 1
	if last && t.Conversation.Child().Present && !t.Conversation.Slow() && mustStay(t, c.Line) {
		return refusal.SenderLeavesLast(fmt.Sprintf("%s is the last of %s with the child, who is there; hand over or close first, or wait for the receiver", c.Participant, c.Line),
			"participant", c.Participant, "line", c.Line)
	}
	t.Emit(&eventv1.ParticipantLeft{Participant: c.Participant, Line: c.Line})
	return nil
}

// mustStay reports whether a line's last counsellor must stay with the child: the line
// has custody, or has just given it away and the receiver is not present.
func mustStay(t *decide.Turn, line string) bool {
	h := t.Conversation.Overlap()
	overlap := h.Exists() && line == h.FromLine && h.PresentReceiver() == nil
	return line == t.Conversation.Custody.Line || overlap
}

// DisconnectParticipant records a lost connection. That is not leaving, so it is never
// refused for a participant who was connected.
type DisconnectParticipant struct {
	Line        string
	Participant string
}

func disconnectParticipant(o decide.Origin, r *intakev1.DisconnectParticipantRequest) DisconnectParticipant {
	return DisconnectParticipant{Line: o.Line, Participant: r.Participant}
}

func (c DisconnectParticipant) Decide(t *decide.Turn) error {
	if _, err := somebody(t, c.Line, c.Participant); err != nil {
		return err
	}
	t.Emit(&eventv1.ParticipantDisconnected{Participant: c.Participant, Line: c.Line})
	return nil
}

// somebody finds a connected participant of the line.
func somebody(t *decide.Turn, line, id string) (*statev1.Participant, error) {
	if err := t.Admit(line); err != nil {
		return nil, err
	}
	p := t.Conversation.Participant(line, id)
	return p, decide.RequirePresent(p, id, "participant", id)
}

// alreadyHere refuses a participant who is present.
func alreadyHere(line, id string) error {
	return refusal.ParticipantPresent(fmt.Sprintf("%s of %s is already in the conversation", id, line),
		"participant", id, "line", line)
}

// taken refuses a pseudonym that somebody else at the line has in the conversation.
func taken(line, id string) error {
	return refusal.PseudonymTaken(fmt.Sprintf("somebody else at %s is called %s in this conversation; use another pseudonym", line, id),
		"participant", id, "line", line)
}
