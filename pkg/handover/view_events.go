package handover

import (
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// EventsFor are the events of the append at a position that a line may see.
//
// What triage writes is the writing line's alone. Of a handover, sender and
// receiver see their part: which lines were ranked and asked is the sender's to
// know. A line that only holds the child's leg sees what it must pass on to the
// child. Words to everybody are for those who share them; words to the
// counsellors alone are the two lines' of the handover.
func EventsFor(s *State, a *eventv1.Append, position uint64, line string) []*eventv1.Event {
	party := partyAt(s, line, position)
	if party == nil {
		return nil
	}
	own := strings.HasSuffix(a.Caller, "/line/"+line)
	return slices.DeleteFunc(slices.Clone(a.Events), func(e *eventv1.Event) bool {
		switch what := event.What(e).(type) {
		case *eventv1.MessageSent:
			return !mayRead(s, what, party, position)
		case numbered:
			return !mayKnow(handoverOf(s, what), what, line)
		}
		return event.Owner(e) == "triage" && !own
	})
}

func mayRead(s *State, m *eventv1.MessageSent, party *handoverv1.Party, position uint64) bool {
	if m.Audience == handoverv1.Audience_AUDIENCE_COUNSELLORS {
		h := handoverOf(s, m)
		return party.Line == h.GetFromLine() || party.Line == h.GetToLine()
	}
	return party.WordsFromPosition > 0 && position >= party.WordsFromPosition
}

// mayKnow says whether a line may see an event of a handover.
func mayKnow(h *handoverv1.Handover, what numbered, line string) bool {
	switch line {
	case h.GetFromLine():
		return true
	case h.GetToLine():
		accepted, isAccepted := what.(*eventv1.OfferAccepted)
		_, ofOffer := what.(numberedOffer)
		_, ranking := what.(*eventv1.HandoverRouted)
		return !ranking && !ofOffer || isAccepted && accepted.Line == line
	}
	return concernsChild(what)
}

// concernsChild says whether the line that holds the child's leg must know of
// an event, to ask the child or to tell it.
func concernsChild(what numbered) bool {
	switch what.(type) {
	case *eventv1.ConsentAsked, *eventv1.ConsentGiven, *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn,
		*eventv1.ReceiverJoined, *eventv1.BridgeOpened, *eventv1.ReceiverConfirmed, *eventv1.ChildAgreed, *eventv1.CustodyTransferred,
		*eventv1.HandoverReturned, *eventv1.HandoverCancelled:
		return true
	}
	return false
}

func handoverOf(s *State, what numbered) *handoverv1.Handover {
	n := what.GetHandover()
	if n == 0 || int(n) > len(s.Conversation.Handovers) {
		return nil
	}
	return s.Conversation.Handovers[n-1]
}
