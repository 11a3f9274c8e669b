package order

import (
	"encoding/binary"
	"slices"
	"strconv"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Build returns the command, as the service makes it for a request id. Whoever signs it sees the scene.
func (o Order) Build(requestID []byte, lines handover.Directory, at Scene) decide.Command {
	lines.Staff = registered(o.Line)
	return o.Command.Command(decide.Origin{
		Line: o.Line, RequestID: requestID, Sealed: sealed(requestID), Ticket: o.ticket(requestID),
		At: handover.ResourceName{Conversation: Conversation, Handover: o.Handover, Offer: o.Offer, Consultation: o.consultation(at)},
	}, lines, o.signed(at))
}

// consultation returns the name of the consultation that the order is about, or that of none.
func (o Order) consultation(at Scene) string {
	if k := handover.Of(at.Conversation).Consultation(o.Consultation); k.Exists() {
		return k.Name
	}
	return handover.ConsultationName("none")
}

// sealed stands in for the sealed blob of a request. Two of three are the same: a part may be
// replaced by itself or by another.
func sealed(requestID []byte) decide.Sealed {
	return decide.Sealed{Commitment: slices.Repeat([]byte{requestID[3] % 3 / 2}, 32), SizeBucket: 256}
}

// RequestID is the id of the n-th request.
func RequestID(n uint32) []byte {
	id := make([]byte, 16)
	binary.BigEndian.PutUint32(id, n)
	return id
}

// ticket returns the hashes of a ticket's secrets. A ticket has the number of the request
// that issued it, and a claim names that number.
func (o Order) ticket(requestID []byte) decide.TicketHashes {
	switch r := o.Request.(type) {
	case *routingv1.IssueTicketRequest:
		n := binary.BigEndian.Uint32(requestID)
		return decide.TicketHashes{Link: secret(n, 'l'), Digits: secret(n, 'd'), Draw: 1}
	case *routingv1.ClaimTicketRequest:
		if r.GetLink() != "" {
			return decide.TicketHashes{Link: secret(number(r.GetLink()), 'l')}
		}
		return decide.TicketHashes{Digits: secret(number(r.GetDigits()), 'd')}
	}
	return decide.TicketHashes{}
}

func number(written string) uint32 {
	n, _ := strconv.ParseUint(written, 10, 32) // 0 stands for a wrong secret
	return uint32(n)
}

// secret is the hash of a ticket's link or of its digits.
func secret(ticket uint32, kind byte) []byte {
	hash := make([]byte, 32)
	hash[0] = kind
	binary.BigEndian.PutUint32(hash[28:], ticket)
	return hash
}

// Ticket returns the number of the ticket whose link has a hash.
func Ticket(linkHash []byte) uint32 { return binary.BigEndian.Uint32(linkHash[28:]) }
