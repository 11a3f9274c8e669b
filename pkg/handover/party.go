package handover

import (
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// State is the basis for decisions about one conversation, as projections store it. The
// zero State is a conversation that has not been opened.
type State = statev1.State

// Parties are the ranges of the log in which lines may see a conversation.
type Parties []*statev1.Party

// PartiesOf returns the parties of a state. It accepts nil.
func PartiesOf(s *State) Parties { return s.GetParties() }

// Include reports whether a line may see what happens in the conversation now.
func (p Parties) Include(line string) bool {
	for _, party := range p {
		if party.Line == line && party.UntilPosition == 0 {
			return true
		}
	}
	return false
}

// Included reports whether a line may see the conversation now or could earlier.
func (p Parties) Included(line string) bool {
	for _, party := range p {
		if party.Line == line {
			return true
		}
	}
	return false
}

// MaySee reports whether a line may see the commit at a position.
func (p Parties) MaySee(line string, position uint64) bool {
	return p.At(line, position) != nil
}

// At returns the range in which a line may see a position, or nil.
func (p Parties) At(line string, position uint64) *statev1.Party {
	for _, party := range p {
		if party.Line == line && position >= party.FromPosition &&
			(party.UntilPosition == 0 || position <= party.UntilPosition) {
			return party
		}
	}
	return nil
}
