// Package invariant checks the invariants of the warm handover against recorded
// history: against what the log holds, not against what a call returned. [Invariants] lists
// them all, with what may excuse an exception.
//
// It is a second, independent reading of the protocol. It shares no code with
// the package that decides, so that a mistake there is not repeated here. Each
// invariant is one or more small rules with their own tiny state that walk the events of one
// conversation (conversationrules), or the commits of the whole log (logrules), in order. What
// has happened so far is read in one place (facts), which judges nothing.
//
// [Check] looks at a history that is there. A [Checker] looks at one that grows.
package invariant

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// Recorded is one commit as stored in the log.
type Recorded struct {
	// Position is its place in the log.
	Position uint64
	// Commit is what was committed.
	Commit *eventv1.Commit
	// Payload is the exact stored bytes. Nil where they are not known.
	Payload []byte
	// PayloadHash is SHA-256 of the stored bytes, as somebody says who has them. It
	// is looked at only where Payload is nil. Nil as well: then the hash chain is not
	// checked over this commit, and the report says so.
	PayloadHash []byte
}

// Check looks at a history and reports every violation that it finds.
//
// The history is in the order of the log and holds, for each conversation in it,
// everything from its first commit on. It may end anywhere. Other conversations
// may be left out.
func Check(history []Recorded, options ...Option) Report {
	c := New(options...)
	for _, r := range history {
		c.Add(r)
	}
	return c.Report()
}
