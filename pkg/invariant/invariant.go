// Package invariant checks the invariants of the warm handover against recorded
// history: against what the log holds, not against what a call returned.
//
// It is a second, independent reading of the protocol. It shares no code with
// the package that decides, so that a mistake there is not repeated here. Each
// invariant is a small rule with its own tiny state that walks the events of one
// conversation, or the appends of the whole history, in order.
//
// I12 (replay rebuilds the same state) and I15 (what a line keeps while it has no
// contact) cannot be seen in a history and are not checked here. Four names stand
// beside the protocol's: OWN, each event belongs to the service that appended it,
// ORDER, handovers come one after the other and each step has the one before,
// TICKET, the child's leg moves only with a ticket that was rightly used, and SEAT, no
// line is asked that has no seat.
//
// Check looks at a history that is there. A Checker looks at one that grows.
package invariant

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// Recorded is one commit as stored in the log.
type Recorded struct {
	// Position is its place in the log.
	Position uint64
	// Append is what was appended.
	Commit *eventv1.Commit
	// Payload is the exact stored bytes. Nil where they are not known.
	Payload []byte
	// PayloadHash is SHA-256 of the stored bytes, as somebody says who has them. It
	// is looked at only where Payload is nil. Nil as well: then the hash chain is not
	// checked over this append, and the report says so.
	PayloadHash []byte
}

// historyRules check the commits of the whole history.
var historyRules = []struct {
	name  string
	start func(*finder) reader
}{
	{"I7", newContent},
	{"I8", newIdentity},
	{"I9", newChain},
	{"OWN", newOwnership},
	{"SEAT", newSeats},
}

// conversationRule looks at the events of one conversation.
type conversationRule struct {
	name   string
	start  func(*finder, *facts) walker
	finder *finder
}

// conversationRules start afresh for each conversation.
var conversationRules = []conversationRule{
	{name: "I1", start: newCustody},
	{name: "I2", start: newTransfer},
	{name: "I3", start: newLeaving},
	{name: "I3", start: newAlerts},
	{name: "I4", start: newAcceptance},
	{name: "I5", start: newDeadlines},
	{name: "I5", start: newEndings},
	{name: "I6", start: newPacket},
	{name: "I10", start: newDuty},
	{name: "I11", start: newHops},
	{name: "I13", start: newRefusal},
	{name: "I14", start: newHours},
	{name: "TICKET", start: newTickets},
	{name: "ORDER", start: newOrder},
}

// Check looks at a history and reports every violation that it finds.
//
// The history is in the order of the log and holds, for each conversation in it,
// everything from its first append on. It may end anywhere. Other conversations
// may be left out.
func Check(history []Recorded, options ...Option) Report {
	c := New(options...)
	for _, r := range history {
		c.Add(r)
	}
	return c.Report()
}
