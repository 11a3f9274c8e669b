package intake

import (
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/childtext"
	"github.com/stafett/stafett/pkg/directory/schedule"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/i18n"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/lines"
)

// parties are the ids of the lines that a text names; empty if it names none.
type parties struct{ sender, receiver string }

// partiesOf returns the lines that a text with a key names: texts about the child's connection
// name the lines it is connected to, all others those of the handover.
func partiesOf(c *statev1.Conversation, key childtext.Key) parties {
	switch key {
	case childtext.Arrived, childtext.With, childtext.AnswersLater, childtext.Waiting, childtext.Unattended, childtext.LegPending, childtext.LegUnanswered:
		return parties{c.Custody.Line, c.Custody.Line}
	case childtext.AtDoor, childtext.AtDoorAlone:
		return parties{c.Custody.Line, first(handover.Of(c).OpenLines())}
	case childtext.LegMoved:
		return parties{c.Custody.Line, c.LegLine}
	}
	h := handover.Of(c).Current()
	if !h.Exists() {
		return parties{sender: c.Custody.Line}
	}
	return parties{h.FromLine, receiverOf(h, key)}
}

// receiverOf is the line that the child would go to, or empty while that is unknown. A child
// whose consent is asked is told the line only if it is the sole candidate.
func receiverOf(h handover.Handover, key childtext.Key) string {
	asked := key == childtext.ConsentAsked || key == childtext.ConsentReminder || key == childtext.DoorReminder
	switch {
	case asked && len(h.Candidates) == 1:
		return h.Candidates[0]
	case h.Slot != nil:
		return h.Slot.Line
	case h.SignpostLine != "":
		return h.SignpostLine
	}
	return h.ToLine
}

func first(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[0]
}

// languageOf returns the language in which the child is told things: its own, or else the first of the
// line with custody, or else English.
func languageOf(tx *bbolt.Tx, c *statev1.Conversation) (string, error) {
	state, err := lines.StateOf(tx, c.Custody.GetLine())
	if err != nil {
		return "", err
	}
	tags := []string{c.Language}
	if spoken := state.Line.GetLanguages(); len(spoken) > 0 {
		tags = append(tags, spoken[0])
	}
	return string(i18n.Nearest(tags...)), nil
}

// namesFor returns the names that a text with a key may contain, in a language.
func namesFor(tx *bbolt.Tx, c *statev1.Conversation, key childtext.Key, language string) (names childtext.Names, err error) {
	h, of := handover.Of(c).Current(), partiesOf(c, key)
	names.Scopes = h.GetConsent().GetAsked()
	var zone *time.Location
	if names.Sender, zone, err = nameOf(tx, of.sender, language); err != nil {
		return names, err
	}
	if opens := c.GetClosedDoor().GetOpeningTime(); opens != nil {
		names.Opening = childtext.When(opens.AsTime().In(zone), language)
	}
	if names.Receiver, zone, err = nameOf(tx, of.receiver, language); err == nil && h.GetSlot() != nil {
		names.Time = childtext.When(h.Slot.StartTime.AsTime().In(zone), language)
	}
	return names, err
}

// nameOf returns a line's name in a language and the time zone of its hours; empty for
// no line.
func nameOf(tx *bbolt.Tx, id, language string) (string, *time.Location, error) {
	state, err := lines.StateOf(tx, id)
	if err != nil || state.Line == nil {
		return "", time.UTC, err
	}
	zone := schedule.Zone(state.Line.TimeZone)
	if zone == nil {
		zone = time.UTC
	}
	return state.Line.DisplayNames[language], zone, nil
}
