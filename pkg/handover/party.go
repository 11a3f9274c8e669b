package handover

import (
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

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

// State is the basis for decisions about one conversation. The zero State is a
// conversation that has not been opened.
type State = handoverv1.State

// PartyAt is the stretch of the log in which a line may see a position, or nil.
func PartyAt(s *State, line string, position uint64) *handoverv1.Party {
	return partyAt(s, line, position)
}
