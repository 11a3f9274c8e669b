package evolve

import (
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// evolveParties opens and closes the ranges of the log in which lines may see the
// conversation: the line with custody, the line that accepted, and a former line for as
// long as it holds the child's leg. It runs after evolve.
func evolveParties(s *handover.State, e *eventv1.Event, position uint64) {
	c := handover.Of(s.Conversation)
	switch e.Kind.(type) {
	case *eventv1.Event_CustodyOpened, *eventv1.Event_OfferAccepted, *eventv1.Event_BridgeOpened,
		*eventv1.Event_OfferGivenBack, *eventv1.Event_HandoverReturned, *eventv1.Event_HandoverCancelled, *eventv1.Event_HandoverAbandoned,
		*eventv1.Event_EmergencyCalled, *eventv1.Event_LegMoved,
		*eventv1.Event_CustodyTransferred, *eventv1.Event_SenderLeft, *eventv1.Event_ConversationClosed:
	default:
		return
	}
	for _, party := range s.Parties {
		if party.UntilPosition == 0 && !c.Concerns(party.Line) {
			party.UntilPosition = position
		}
	}
	for _, line := range []string{c.Custody.GetLine(), c.Current().GetToLine()} {
		if line != "" && c.Concerns(line) && !handover.PartiesOf(s).Include(line) {
			s.Parties = append(s.Parties, &statev1.Party{Line: line, FromPosition: position})
		}
	}
	openWords(s, position)
}

// openWords opens messages to everybody for the parties that may read them by now: the
// line with custody, the holder of the child's leg and, from the bridge on, the
// receiver.
func openWords(s *handover.State, position uint64) {
	c := handover.Of(s.Conversation)
	for _, party := range s.Parties {
		onBridge := onBridge(c, party.Line)
		if party.UntilPosition == 0 && party.WordsFromPosition == 0 &&
			(party.Line == c.Custody.Line || party.Line == c.LegLine || onBridge) {
			party.WordsFromPosition = position
		}
	}
}

// onBridge reports whether a line received the child in a bridge that has not ended.
func onBridge(c handover.Conversation, line string) bool {
	for h := range c.Handovers() {
		if h.State >= handover.Bridged && h.State <= handover.Transferred && line == h.ToLine {
			return true
		}
	}
	return false
}
