package consultation

import (
	"fmt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
)

// Of returns a consultation for a line that takes part in it on a side. Whoever does not learns no more than that: no refusal
// names the conversation.
func Of(c handover.Conversation, line, name string, side handover.Side) (handover.Consultation, error) {
	k := c.ConsultationNamed(name)
	asks, asked := k.Exists() && k.FromLine == line, k.Exists() && k.Line == line
	if asks && side != handover.Consulted || asked && side != handover.Asker {
		return k, nil
	}
	return handover.Consultation{}, NotFound(name, line)
}

// NotFound refuses a consultation that does not exist or that the line has no such part in.
func NotFound(name, line string) error {
	return refusal.ConsultationNotFound(fmt.Sprintf("%s takes no such part in %s; check its name", line, name), "consultation", name, "line", line)
}

// open finds a consultation for a line's command, and refuses one that has ended.
func open(t *decide.Turn, line, name string) (handover.Consultation, error) {
	k, err := Of(t.Conversation, line, name, t.Permission.Side)
	if err != nil {
		return k, err
	}
	t.Name = k.Name
	if k.Ended() || t.Past(k.Deadline) || t.Conversation.CloseTime != nil {
		return k, tooLate(k)
	}
	return k, nil
}

// accepted is open, and refuses a consultation that nobody has accepted.
func accepted(t *decide.Turn, line, name string) (handover.Consultation, error) {
	k, err := open(t, line, name)
	if err == nil && !k.Accepted() {
		return k, notNow(k, t, "nobody has accepted it yet")
	}
	return k, err
}

func notNow(k handover.Consultation, t *decide.Turn, why string) error {
	return refusal.ConsultationState(fmt.Sprintf("%s is %s, which does not allow %s: %s", k.Name, k.StateName(), t.Permission.Name, why),
		"consultation", k.Name, "state", k.StateName(), "command", t.Permission.Name)
}

func tooLate(k handover.Consultation) error {
	return refusal.TooLate(fmt.Sprintf("%s is over; nothing more is to be done about it", k.Name), "consultation", k.Name, "state", k.StateName())
}

// Followed returns the number and the line of the answered consultation that a handover follows.
func Followed(t *decide.Turn, line, name string) (uint32, string, error) {
	k, err := Of(t.Conversation, line, name, handover.Asker)
	if err != nil {
		return 0, "", err
	}
	if k.End != handover.ConsultationAnswered {
		return 0, "", notNow(k, t, "it has no answer; name the line among the candidates instead")
	}
	return k.Number(), k.Line, nil
}
