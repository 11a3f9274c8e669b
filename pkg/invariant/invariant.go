// Package invariant checks the invariants of the warm handover against recorded
// history: against what the log holds, not against what a call returned.
//
// It is a second, independent reading of the protocol. It shares no code with
// the package that decides, so that a mistake there is not repeated here. Each
// invariant is a small rule with its own tiny state that walks the events of one
// conversation, or the appends of the whole history, in order.
//
// I12 (replay rebuilds the same state) and I15 (what a line keeps while it has no
// contact) cannot be seen in a history and are not checked here. Two names stand
// beside the protocol's: OWN, each event belongs to the service that appended it,
// and ORDER, handovers come one after the other and each step has the one before.
package invariant

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// Recorded is one append as the log has it.
type Recorded struct {
	// Position is its place in the log.
	Position uint64
	// Append is what was appended.
	Append *eventv1.Append
	// Payload is the exact stored bytes. Nil where they are not known.
	Payload []byte
	// PayloadHash is SHA-256 of the stored bytes, as somebody says who has them. It
	// is looked at only where Payload is nil. Nil as well: then the hash chain is not
	// checked over this append, and the report says so.
	PayloadHash []byte
}

// historyRules look at the whole history at once.
var historyRules = []struct {
	name  string
	check func(*finder, []Recorded)
}{
	{"I7", checkContent},
	{"I8", checkIdentity},
	{"I9", checkChain},
	{"OWN", checkOwnership},
}

// conversationRules are started anew for each conversation.
var conversationRules = []struct {
	name  string
	start func(*finder) walker
}{
	{"I1", newCustody},
	{"I2", newTransfer},
	{"I3", newLeaving},
	{"I4", newAcceptance},
	{"I5", newDeadlines},
	{"I5", newEndings},
	{"I6", newPacket},
	{"I10", newDuty},
	{"I11", newHops},
	{"I13", newRefusal},
	{"I14", newHours},
	{"ORDER", newOrder},
}

// Check looks at a history and reports every violation that it finds.
//
// The history is in the order of the log and holds, for each conversation in it,
// everything from its first append on. It may end anywhere. Other conversations
// may be left out.
func Check(history []Recorded) Report {
	found := &findings{until: newest(history)}
	for _, rule := range historyRules {
		rule.check(found.finder(rule.name), history)
	}
	for _, steps := range conversations(history) {
		for _, rule := range conversationRules {
			walk(steps, rule.start(found.finder(rule.name)))
		}
	}
	return found.report()
}
