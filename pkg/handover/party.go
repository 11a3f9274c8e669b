package handover

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// evolveParties opens and closes the ranges of the log in which lines may see the
// conversation: the line with custody, the line that accepted, and a former line for as
// long as it holds the child's leg. It runs after evolve.
func evolveParties(s *State, e *eventv1.Event, position uint64) {
	c := Of(s.Conversation)
	switch e.Kind.(type) {
	case *eventv1.Event_CustodyOpened, *eventv1.Event_OfferAccepted, *eventv1.Event_BridgeOpened,
		*eventv1.Event_HandoverReturned, *eventv1.Event_HandoverCancelled, *eventv1.Event_HandoverAbandoned,
		*eventv1.Event_EmergencyCalled, *eventv1.Event_LegMoved,
		*eventv1.Event_SenderLeft, *eventv1.Event_ConversationClosed:
	default:
		return
	}
	for _, party := range s.Parties {
		if party.UntilPosition == 0 && !c.Concerns(party.Line) {
			party.UntilPosition = position
		}
	}
	for _, line := range []string{c.Custody.GetLine(), c.Current().GetToLine()} {
		if line != "" && c.Concerns(line) && !IsParty(s, line) {
			s.Parties = append(s.Parties, &handoverv1.Party{Line: line, FromPosition: position})
		}
	}
	openWords(s, position)
}

// openWords opens messages to everybody for the parties that may read them by now: the
// line with custody, the holder of the child's leg and, from the bridge on, the
// receiver.
func openWords(s *State, position uint64) {
	c := Of(s.Conversation)
	h := c.Current()
	for _, party := range s.Parties {
		onBridge := h.Exists() && h.State >= bridged && h.State <= transferred && party.Line == h.ToLine
		if party.UntilPosition == 0 && party.WordsFromPosition == 0 &&
			(party.Line == c.Custody.Line || party.Line == c.LegLine || onBridge) {
			party.WordsFromPosition = position
		}
	}
}

// IsParty reports whether a line may see what happens in a conversation now.
func IsParty(s *State, line string) bool {
	for _, party := range s.GetParties() {
		if party.Line == line && party.UntilPosition == 0 {
			return true
		}
	}
	return false
}

// WasParty reports whether a line may see the conversation now or could earlier.
func WasParty(s *State, line string) bool {
	for _, party := range s.GetParties() {
		if party.Line == line {
			return true
		}
	}
	return false
}

// MaySee reports whether a line may see the commit at a position.
func MaySee(s *State, line string, position uint64) bool {
	return partyAt(s, line, position) != nil
}

// partyAt returns the range in which a line may see a position, or nil.
func partyAt(s *State, line string, position uint64) *handoverv1.Party {
	for _, party := range s.GetParties() {
		if party.Line == line && position >= party.FromPosition &&
			(party.UntilPosition == 0 || position <= party.UntilPosition) {
			return party
		}
	}
	return nil
}
