package handover

import (
	"fmt"
	"strconv"
	"strings"
)

// ConversationName returns conversations/{id}.
func ConversationName(id string) string { return "conversations/" + id }

// HandoverName returns the resource name of a conversation's n-th handover, counted
// from 1.
func HandoverName(conversation string, n uint32) string {
	return fmt.Sprintf("%s/handovers/%d", conversation, n)
}

// OfferName returns the resource name of a handover's n-th offer, counted from 1.
func OfferName(handover string, n uint32) string {
	return fmt.Sprintf("%s/offers/%d", handover, n)
}

// TicketName returns the resource name of a conversation's n-th claim ticket, counted
// from 1.
func TicketName(conversation string, n uint32) string {
	return fmt.Sprintf("%s/tickets/%d", conversation, n)
}

// ConsultationName returns consultations/{id}. It does not tell the conversation, because the line that is
// asked must not know which child it advises about.
func ConsultationName(id string) string { return consultations + id }

const consultations = "consultations/"

// LineName returns lines/{id}.
func LineName(id string) string { return "lines/" + id }

// LineID returns the id in a line's resource name. A plain id is returned unchanged.
func LineID(name string) string { return strings.TrimPrefix(name, "lines/") }

// ResourceName is the parsed name of a conversation, handover or offer, or of a consultation, which does not
// tell its conversation. What the name does not contain is empty or 0.
type ResourceName struct {
	Conversation string
	Handover     uint32
	Offer        uint32
	// Consultation is the whole name of one.
	Consultation string
}

// ParseName parses the name of a conversation, handover, offer or consultation. Names are unique: a
// number with a leading zero is an error.
func ParseName(name string) (ResourceName, error) {
	if id, ok := strings.CutPrefix(name, consultations); ok && id != "" && !strings.Contains(id, "/") {
		return ResourceName{Consultation: name}, nil
	}
	parts := strings.Split(name, "/")
	shape := []string{"conversations", "handovers", "offers"}
	if len(parts)%2 != 0 || len(parts) > 6 || parts[1] == "" {
		return ResourceName{}, fmt.Errorf("%q is not the name of a conversation, a handover, an offer or a consultation", name)
	}
	numbers := [3]uint64{}
	for i := 0; i < len(parts); i += 2 {
		if parts[i] != shape[i/2] {
			return ResourceName{}, fmt.Errorf("%q: want %s where it says %s", name, shape[i/2], parts[i])
		}
		if i == 0 {
			continue
		}
		n, err := strconv.ParseUint(parts[i+1], 10, 32)
		if err != nil || strings.HasPrefix(parts[i+1], "0") {
			return ResourceName{}, fmt.Errorf("%q: want a number from 1 where it says %s", name, parts[i+1])
		}
		numbers[i/2] = n
	}
	return ResourceName{Conversation: parts[1], Handover: uint32(numbers[1]), Offer: uint32(numbers[2])}, nil
}
