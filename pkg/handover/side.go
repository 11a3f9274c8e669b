package handover

// Side says who may give a command, relative to the conversation it concerns.
type Side int

// The kinds of peers that may call an RPC at all are an option beside it in the proto.
const (
	// Platform is the platform itself.
	Platform Side = iota + 1
	// AnyLine is every line, involved in the conversation or not.
	AnyLine
	// Party is a line that is or was a party, while the conversation is open.
	Party
	// FormerParty is a line that is or was a party, even after the conversation has
	// closed.
	FormerParty
	// Custodian is the line with custody.
	Custodian
	// WithChild is the line with custody, a line in the bridge or the overlap, and a line
	// whose counsellor is alone with the child.
	WithChild
	// LegHolder is the line that holds the child's leg and speaks for the child.
	LegHolder
	// FormerLegHolder is the line that holds the child's leg, or held it when the
	// conversation closed.
	FormerLegHolder
	// Sender is the line that hands over.
	Sender
	// AskedLine is the line that received the offer.
	AskedLine
	// Receiver is the line that accepted the handover.
	Receiver
	// Consulted is the line that is asked for advice, without being a party to the conversation.
	Consulted
	// Asker is the line that asked for advice.
	Asker
	// Consulting is either of the two.
	Consulting
)
