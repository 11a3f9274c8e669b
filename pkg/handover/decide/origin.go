package decide

import (
	"github.com/stafett/stafett/pkg/handover"
)

// Origin is what a command is made from beside its request: who gives it, and what a
// line cannot say of itself because the service works it out.
type Origin struct {
	// Line that gives the command.
	Line string
	// At is the resource that the request names, or the conversation to be opened.
	At handover.ResourceName
	// RequestID is the UUID of the request.
	RequestID []byte
	// Sealed describes the blob that the request carries.
	Sealed Sealed
	// Ticket has what the log keeps of a claim ticket's secrets.
	Ticket TicketHashes
}

// Sealed describes a blob in the vault.
type Sealed struct {
	Commitment []byte
	SizeBucket uint32
}

// TicketHashes are keyed hashes of a claim ticket's secrets. A claim has one of the
// two.
type TicketHashes struct {
	Link   []byte
	Digits []byte
	// Draw counts how often the digits were drawn before they were unused.
	Draw uint32
}
