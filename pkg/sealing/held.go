package sealing

import (
	"bytes"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// heldKey is a content key that the line made or was granted.
type heldKey struct {
	seal.ContentKey
	// place is what it seals; without an item, but for the part of a packet.
	place seal.Place
	// offer is the accepted offer for which a bridge's or a tenure's key was made.
	offer string
	// granted says that the other line has it: the log has a grant of it.
	granted bool
}

// keyFor returns the newest key for a place, and makes one if there is none.
func (s *System) keyFor(at seal.Place, offer string) heldKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range slices.Backward(s.keys) {
		if key.place == at && key.offer == offer {
			return key
		}
	}
	made := heldKey{ContentKey: seal.NewContentKey(), place: at, offer: offer}
	s.keys = append(s.keys, made)
	return made
}

// hold keeps a key that was granted.
func (s *System) hold(key heldKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(s.keys, func(k heldKey) bool { return bytes.Equal(k.ID(), key.ID()) }) {
		s.keys = append(s.keys, key)
	}
}

// granted takes note that the log has a grant of a key that this line made.
func (s *System) granted(id []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.keys {
		s.keys[i].granted = s.keys[i].granted || bytes.Equal(s.keys[i].ID(), id)
	}
}

// shareable returns the keys that the other line has too.
func shareable(keys []heldKey) []heldKey {
	return slices.DeleteFunc(slices.Clone(keys), func(k heldKey) bool { return !k.granted })
}

// held returns the keys of a conversation that satisfy a condition, newest first.
func (s *System) held(conversation string, is func(heldKey) bool) (all []heldKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range slices.Backward(s.keys) {
		if key.place.Conversation == conversation && is(key) {
			all = append(all, key)
		}
	}
	return all
}

func (s *System) place(handover string, epoch uint32, kind sealv1.Kind) seal.Place {
	return seal.Place{Domain: s.own().Domain(), Conversation: conversationOf(handover), Handover: handover, Epoch: epoch, Kind: kind}
}

func conversationOf(handover string) string {
	conversation, _, _ := strings.Cut(handover, "/handovers/")
	return conversation
}

// item names a part of the packet in its place.
func item(part handoverv1.Scope) string { return strings.TrimPrefix(part.String(), "SCOPE_") }

// partOf is the part of the packet that a place is, or none.
func partOf(at seal.Place) handoverv1.Scope {
	if at.Kind != sealv1.Kind_KIND_PACKET_PART {
		return handoverv1.Scope_SCOPE_UNSPECIFIED
	}
	return handoverv1.Scope(handoverv1.Scope_value["SCOPE_"+at.Item])
}
