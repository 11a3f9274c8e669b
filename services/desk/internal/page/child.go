package page

import (
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/line"
	"github.com/stafett/stafett/services/desk/internal/talk"
	"github.com/stafett/stafett/services/desk/internal/words"
)

// Child is the snapshot from which the young person's page is made.
type Child struct {
	words.Language
	Nonce, ID string
	Us        string
	Name      func(line string) string
	Zone      *time.Location
	Problem   string
	// View is nil until a chat has begun.
	View *line.View
}

// Page writes the empty page; Fragment what its script puts into it.
func (c Child) Page(to io.Writer) error     { return write(to, "chat", c) }
func (c Child) Fragment(to io.Writer) error { return write(to, "child", c) }

func (c Child) Line() string { return c.Name(c.Us) }

func (c Child) Opened() bool { return c.View != nil && c.View.Closed.IsZero() }
func (c Child) Ended() bool  { return c.View != nil && !c.View.Closed.IsZero() }

// Speaks are the languages to write in.
func (c Child) Speaks() Choice {
	choice := Choice{Name: "language"}
	for _, one := range [][2]string{{"nb", "Norsk"}, {"da", "Dansk"}, {"en", "English"}} {
		choice.Options = append(choice.Options, Option{one[0], one[1], one[0] == c.Lang()})
	}
	return choice
}

// Ages are bands, never a birth date.
func (c Child) Ages() Choice {
	choice := Choice{Name: "age", Options: []Option{{Label: c.Child("age_none")}}}
	for _, band := range []string{"9-12", "13-15", "16-18", "19-23"} {
		choice.Options = append(choice.Options, Option{Value: band, Label: strings.ReplaceAll(band, "-", "–")})
	}
	return choice
}

// Status and Situation are the platform's words for the child.
func (c Child) Status() string { return c.View.Status.GetText() }
func (c Child) Situation() string {
	if said := c.View.Status.GetSituation(); said != "" {
		return said
	}
	return c.Status()
}

func (c Child) handover() *routingv1.Handover {
	if c.View == nil {
		return nil
	}
	return c.View.Handover()
}

// Handover is the name of the current handover: the child's yes names the one that it saw.
func (c Child) Handover() string { return c.handover().GetName() }

func (c Child) in(states ...state) bool { return slices.Contains(states, c.handover().GetState()) }

// Asks: the child is asked, and the words that it is asked about are those that the log has.
func (c Child) Asks() bool {
	return c.in(handoverv1.HandoverState_HANDOVER_STATE_CONSENT_ASKED) && len(c.View.Shown()) == len(c.handover().GetPacketParts())
}

// Other is the line that the handover is to, or "" while it may be one of several.
func (c Child) Other() string {
	switch h := c.handover(); {
	case h.GetToLine() != "":
		return c.Name(h.ToLine)
	case len(h.GetCandidates()) == 1:
		return c.Name(h.Candidates[0])
	default:
		return ""
	}
}

func (c Child) Sender() string { return c.Name(c.handover().GetFromLine()) }

// Parts are the words that cross, exactly as they were sealed.
func (c Child) Parts() (all []Labelled) {
	for _, d := range c.View.Shown() {
		all = append(all, Labelled{c.Child("ask_line"), d.Text})
	}
	return all
}

// Shown are the commitments of those words: the child's yes names them.
func (c Child) Shown() string {
	var all []string
	for _, d := range c.View.Shown() {
		all = append(all, strconv.Itoa(int(d.Scope))+":"+hex.EncodeToString(d.Commitment))
	}
	return strings.Join(all, " ")
}

// Scopes are what the child can say yes to, beyond that it comes from this line.
func (c Child) Scopes() (all []Option) {
	for _, scope := range c.handover().GetConsent().GetAsked() {
		if key := scopeKeys[scope]; key != "" {
			all = append(all, Option{Value: strconv.Itoa(int(scope)), Label: c.Child(key)})
		}
	}
	return all
}

var scopeKeys = map[handoverv1.Scope]string{
	handoverv1.Scope_SCOPE_CODES: "codes", handoverv1.Scope_SCOPE_ONE_LINE: "one_line", handoverv1.Scope_SCOPE_SUMMARY: "summary",
	handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME: "feedback_outcome",
}

// Agrees: the child is asked whether the sender may leave.
func (c Child) Agrees() bool {
	return c.in(handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING) && !c.handover().ChildAgreed
}

// CanTakeBack: the child said yes, and nothing is final yet.
func (c Child) CanTakeBack() bool {
	return c.in(handoverv1.HandoverState_HANDOVER_STATE_ROUTING, handoverv1.HandoverState_HANDOVER_STATE_OFFERED, handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED,
		handoverv1.HandoverState_HANDOVER_STATE_BRIEFING, handoverv1.HandoverState_HANDOVER_STATE_BRIDGED, handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING)
}

// CanStay: the sender is still there, and the child can ask it to stay.
func (c Child) CanStay() bool {
	return c.in(handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED) && !c.handover().StayAsked
}

// Messages are those of the child's window.
func (c Child) Messages() (all []Message) {
	for _, m := range c.View.Messages {
		if !m.Beside {
			all = append(all, c.message(m))
		}
	}
	return all
}

func (c Child) message(m talk.Message) Message {
	if m.Line == c.Us && m.From == c.View.Child {
		return Message{ID: m.ID, Class: "own", From: c.Child("you"), At: c.Clock(m.Time, c.Zone), Text: m.Text}
	}
	return Message{ID: m.ID, From: c.Name(m.Line), At: c.Clock(m.Time, c.Zone), Text: m.Text}
}
