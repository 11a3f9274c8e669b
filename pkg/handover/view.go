package handover

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Visible refuses a line that never had to do with a conversation.
func Visible(s *State, line string) error {
	t := &turn{state: s, conversation: s.GetConversation()}
	if err := t.known(); err != nil {
		return err
	}
	if !WasParty(s, line) {
		return t.notYours(line, "takes no part in")
	}
	return nil
}

// ViewFor is what a line may see of a conversation: the assessment if it has
// custody, its own duty records, and the handovers that it gave or took.
func ViewFor(s *State, line string) (*handoverv1.Conversation, error) {
	if err := Visible(s, line); err != nil {
		return nil, err
	}
	c := proto.CloneOf(s.Conversation)
	if c.Custody.Line != line {
		c.Assessment = nil
	}
	c.DutyRecords = slices.DeleteFunc(c.DutyRecords, func(d *handoverv1.DutyRecord) bool { return d.Line != line })
	c.Handovers = slices.DeleteFunc(c.Handovers, func(h *handoverv1.Handover) bool { return h.FromLine != line && h.ToLine != line })
	for i, h := range c.Handovers {
		c.Handovers[i] = HandoverFor(h, line)
	}
	return c, nil
}

// HandoverFor is what a line may see of a handover that it gave or took. Which
// other lines were asked, and what they answered, is the sender's to know.
func HandoverFor(h *handoverv1.Handover, line string) *handoverv1.Handover {
	if h.FromLine == line {
		return h
	}
	view := proto.CloneOf(h)
	view.Routing, view.Candidates = nil, nil
	view.Offers = slices.DeleteFunc(view.Offers, func(o *handoverv1.Offer) bool { return o.Line != line })
	return view
}

// FindHandover returns a handover that a line gave or took.
func FindHandover(s *State, n uint32, line string) (*handoverv1.Handover, error) {
	t := &turn{state: s, conversation: s.GetConversation()}
	if err := t.known(); err != nil {
		return nil, err
	}
	if n == 0 || int(n) > len(t.conversation.Handovers) {
		if err := Visible(s, line); err != nil {
			return nil, err
		}
		name := HandoverName(t.conversation.Name, n)
		return nil, refuse(handoverv1.RefusalReason_REFUSAL_REASON_HANDOVER_NOT_FOUND,
			fmt.Sprintf("there is no %s; check its name", name), "handover", name)
	}
	h := t.conversation.Handovers[n-1]
	if h.FromLine != line && h.ToLine != line {
		return nil, t.notYours(line, "neither gave nor took that handover of")
	}
	return HandoverFor(h, line), nil
}

// EventsFor are the events of an append that a line may see. What triage writes
// is the writing line's alone. Which lines were ranked and asked is the sender's
// to know; the line that accepted knows of its own offer.
func EventsFor(s *State, a *eventv1.Append, line string) []*eventv1.Event {
	own := strings.HasSuffix(a.Caller, "/line/"+line)
	return slices.DeleteFunc(slices.Clone(a.Events), func(e *eventv1.Event) bool {
		if event.Owner(e) == "triage" {
			return !own
		}
		return confidential(e) && e.GetOfferAccepted().GetLine() != line && !gave(s, e, line)
	})
}

func confidential(e *eventv1.Event) bool {
	_, ofOffer := event.What(e).(numberedOffer)
	return ofOffer || e.GetHandoverRouted() != nil
}

// gave says whether a line is the sender of the handover that an event is of.
func gave(s *State, e *eventv1.Event, line string) bool {
	n := event.What(e).(numbered).GetHandover()
	return n > 0 && int(n) <= len(s.Conversation.Handovers) && s.Conversation.Handovers[n-1].FromLine == line
}
