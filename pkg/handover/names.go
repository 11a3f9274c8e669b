package handover

import (
	"fmt"
	"strconv"
	"strings"
)

// ConversationName is the resource name of a conversation.
func ConversationName(id string) string { return "conversations/" + id }

// HandoverName is the resource name of a conversation's n-th handover.
func HandoverName(conversation string, n uint32) string {
	return fmt.Sprintf("%s/handovers/%d", conversation, n)
}

// OfferName is the resource name of a handover's n-th offer.
func OfferName(handover string, n uint32) string {
	return fmt.Sprintf("%s/offers/%d", handover, n)
}

// TicketName is the resource name of a conversation's n-th claim ticket.
func TicketName(conversation string, n uint32) string {
	return fmt.Sprintf("%s/tickets/%d", conversation, n)
}

// LineName is the resource name of a line.
func LineName(id string) string { return "lines/" + id }

// LineID is the id of the line that a resource name, or an id, names.
func LineID(name string) string { return strings.TrimPrefix(name, "lines/") }

// lineIDs are the ids of lines that are named.
func lineIDs(names []string) []string {
	var ids []string
	for _, name := range names {
		ids = append(ids, LineID(name))
	}
	return ids
}

// ResourceName is what the name of a conversation, a handover or an offer points at.
// Numbers that the name does not have are 0.
type ResourceName struct {
	Conversation string
	Handover     uint32
	Offer        uint32
}

// Place is a ResourceName.
//
// Deprecated: it goes when the handlers of commands have become one.
type Place = ResourceName

// ParseName reads the name of a conversation, a handover or an offer. Each has
// one name: a number with a leading zero is none.
func ParseName(name string) (ResourceName, error) {
	parts := strings.Split(name, "/")
	shape := []string{"conversations", "handovers", "offers"}
	if len(parts)%2 != 0 || len(parts) > 6 || parts[1] == "" {
		return ResourceName{}, fmt.Errorf("%q is not the name of a conversation, a handover or an offer", name)
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
