package page

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/line"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

// Conversation is what one of the staff sees of a conversation.
type Conversation struct {
	Desk
	line.View
	handover *routingv1.Handover
}

// Open is the chosen conversation, or nil.
func (d Desk) Open() *Conversation {
	for _, v := range d.Views {
		if v.Name == d.Chosen {
			return &Conversation{d, v, v.Handover()}
		}
	}
	return nil
}

func (c Conversation) Short() string { return Short(c.View.Name) }

// Form carries the conversation, and the handover if there is one.
func (c Conversation) Form(handover string) Form { return Form{c.ID, c.Short(), handover} }

// Responsible says who is responsible, in words.
func (c Conversation) Responsible() string {
	switch custody := c.View.Conversation.GetCustody().GetLine(); {
	case !c.Closed.IsZero() && (c.View.Conversation.GetCloseTime() != nil || custody == ""):
		return c.Staff("ended")
	case custody == "":
		return c.Staff("nobody_yet")
	case custody == c.Us:
		return c.Staff("you_are_responsible", c.Desk.Name(custody))
	default:
		return c.Staff("other_is_responsible", c.Desk.Name(custody))
	}
}

func (c Conversation) ChildIs() string { return c.childIs(c.View) }

// People are those who are in the conversation, but the child.
func (c Conversation) People() string {
	var here []string
	for _, p := range c.View.Conversation.GetParticipants() {
		if p.Present && p.Role == handoverv1.Role_ROLE_COUNSELLOR {
			here = append(here, c.person(p.Line, p.Id))
		}
	}
	return strings.Join(here, ", ")
}

// person names one of ours by name, and one of another line by pseudonym.
func (c Conversation) person(line, id string) string {
	name := id
	for _, p := range c.Everybody {
		if p.ID == id && line == c.Us {
			name = p.Name
		}
	}
	return name + " (" + c.Desk.Name(line) + ")"
}

func (c Conversation) Told() string { return c.Status.GetText() }

// Emergency says which help was called, while it is on its way.
func (c Conversation) Emergency() string {
	var named []string
	for _, service := range c.View.Conversation.GetEmergency().GetServices() {
		named = append(named, c.Code(service))
	}
	if named == nil {
		return ""
	}
	return c.Staff("emergency_on", strings.Join(named, ", "))
}

// Messages are those of the child's window.
func (c Conversation) Messages() []Message { return c.log(false) }

// Aside are those between the counsellors.
func (c Conversation) Aside() []Message { return c.log(true) }

func (c Conversation) log(beside bool) (all []Message) {
	for _, m := range c.View.Messages {
		if m.Beside == beside && !m.Hidden {
			all = append(all, c.message(m))
		}
	}
	return all
}

func (c Conversation) message(m talk.Message) Message {
	shown := Message{ID: m.ID, From: c.person(m.Line, m.From), At: c.Clock(m.Time, c.Zone), Text: m.Text}
	if c.IsChild(m.Line, m.From) {
		shown.From = c.Staff("child")
	} else if m.Line == c.Us {
		shown.Class = "own"
	}
	if m.Sending != talk.Here {
		shown.State = c.Staff("sending_" + string(m.Sending))
	}
	return shown
}

// in: the person is in the conversation.
func (c Conversation) in() bool { return slices.Contains(c.Present(c.Us), c.Person.ID) }

// Ours: the line has custody.
func (c Conversation) Ours() bool {
	return c.View.Conversation.GetCustody().GetLine() == c.Us && c.Closed.IsZero()
}

// Mine: the person is in it, and the line has custody or is in the bridge.
func (c Conversation) Mine() bool {
	return c.in() && c.Closed.IsZero() && !c.gone()
}

// gone: the line's people left after a handover.
func (c Conversation) gone() bool { return c.View.Left }

// together: both lines are in the child's window.
func (c Conversation) together() bool {
	switch c.handover.GetState() {
	case handoverv1.HandoverState_HANDOVER_STATE_BRIDGED, handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING, handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED:
		return c.handover.FromLine == c.Us || c.handover.ToLine == c.Us
	}
	return false
}

// CanWrite: to the child. WhyNot says why not.
func (c Conversation) CanWrite() bool { return c.WhyNot() == "" }

func (c Conversation) WhyNot() string {
	switch {
	case !c.Closed.IsZero():
		return c.Staff("ended")
	case c.gone():
		return c.Staff("handed_over")
	case !c.in():
		return c.Staff("not_in")
	case !c.Ours() && !c.together():
		return c.Staff("before_bridge")
	default:
		return ""
	}
}

// Beside: there is something between the counsellors. CanWriteBeside: and it goes on.
func (c Conversation) Beside() bool { return len(c.Aside()) > 0 || c.CanWriteBeside() }

func (c Conversation) CanWriteBeside() bool {
	return c.in() && !c.gone() && (c.handover.GetState() == handoverv1.HandoverState_HANDOVER_STATE_BRIEFING || c.together())
}

// CanTake: the person can join the conversation.
func (c Conversation) CanTake() bool { return c.Ours() && !c.in() }

// CanClose: the conversation can end.
func (c Conversation) CanClose() bool {
	return c.Ours() && c.in() && (c.handover == nil || c.Step() == "choose" || c.Step() == "outcome" || c.Step() == "waits")
}

// Packet is what the line was told as the receiver.
func (c Conversation) Packet() (all []Labelled) {
	for _, part := range c.View.Packet {
		text := part.Text
		if text == "" {
			text = c.Staff("packet_waits")
		}
		all = append(all, Labelled{c.Code(part.Scope), text})
	}
	return all
}

// Tags are the topics of the conversation.
func (c Conversation) Tags() (all []struct{ Code, Label string }) {
	for _, code := range c.View.Conversation.GetAssessment().GetTags() {
		all = append(all, struct{ Code, Label string }{code, c.Topic(code)})
	}
	return all
}

func (c Conversation) Topics() Choice { return topics(c.Language) }
func (c Conversation) Risks() Choice {
	return codes(c.Language, "risk", c.View.Conversation.GetAssessment().GetRisk(), 6)
}

// Duties are the line's own decisions; another line's report settles nothing.
func (c Conversation) Duties() Choice {
	decided := handoverv1.DutyDecision(0)
	for _, record := range c.View.Conversation.GetDutyRecords() {
		decided = record.Decision
	}
	return codes(c.Language, "duty", decided, 5)
}
func (c Conversation) Services() Choice {
	return codes(c.Language, "service", handoverv1.EmergencyService(0))
}
func (c Conversation) CloseReasons() Choice {
	return codes(c.Language, "reason", handoverv1.CloseReason(0))
}

// secondsTo is how long the handover's next deadline is away.
func (c Conversation) secondsTo(deadline *timestamppb.Timestamp) int {
	if deadline == nil {
		return 0
	}
	return c.left(deadline.AsTime())
}
