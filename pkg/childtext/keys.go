package childtext

// Key is one thing that a child can be told. Its text is stable: it may be stored and
// sent.
type Key string

// The way to a handover that is done, in the order of the protocol's states.
const (
	// Proposed is quiet: the child is told nothing before it is asked.
	Proposed        Key = "proposed"
	ConsentAsked    Key = "consent_asked"
	ConsentReminder Key = "consent_reminder"
	Routing         Key = "routing"
	// Offered is said every 45 s, and names no line: the one that is asked may say no.
	Offered  Key = "offered"
	Accepted Key = "accepted"
	// Briefing is said every 45 s.
	Briefing    Key = "briefing"
	Bridged     Key = "bridged"
	Confirming  Key = "confirming"
	Transferred Key = "transferred"
	// AwaitingOutcome and ClosedHandover are quiet: they are between the two lines.
	AwaitingOutcome Key = "awaiting_outcome"
	ClosedHandover  Key = "closed_handover"
)

// Other ends. In all of them the sender still has the child. A child who was told nothing
// of the handover is told nothing of its end either.
const (
	// ReturnedRefused is for a child that said no, ReturnedWithdrawn for one that said
	// yes first.
	ReturnedRefused   Key = "returned_refused"
	ReturnedWithdrawn Key = "returned_withdrawn"
	// ReturnedUnanswered is for a child that was asked and said nothing.
	ReturnedUnanswered Key = "returned_unanswered"
	// ReturnedNoLine is for every reason why no line accepted in time.
	ReturnedNoLine Key = "returned_no_line"
	// ReturnedDropped is for a receiver that had accepted and did not come or stay.
	ReturnedDropped Key = "returned_dropped"
	Cancelled       Key = "cancelled"
	// Paused and Abandoned are said once, when the child comes back: to a handover that
	// still goes on, and to one that has ended. While it is away nothing is said.
	Paused     Key = "paused"
	Abandoned  Key = "abandoned"
	Deferred   Key = "deferred"
	Signposted Key = "signposted"
)

// Danger.
const (
	Emergency Key = "emergency"
	// Overridden is true both for a child that said no and for one that did not answer.
	// Until a line has accepted, leave out the receiver: it may not be the one that comes.
	Overridden Key = "overridden"
)

// The child's own connection, and the sender's.
const (
	LegPending    Key = "leg_pending"
	LegUnanswered Key = "leg_unanswered"
	LegMoved      Key = "leg_moved"
	// Unattended is for a line that has custody and has lost its connection.
	Unattended Key = "unattended"
)

// Keys are all keys, the quiet ones too, in the order of the protocol. They are the
// caller's to change.
func Keys() []Key {
	var keys []Key
	for _, rule := range rules {
		keys = append(keys, rule.key)
	}
	return keys
}
