package play

import (
	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// sealer seals what people say, so that the platform holds ciphertext only. It substitutes
// for the lines' own sealing: all lines of a run share one content key.
type sealer struct{ key seal.ContentKey }

func newSealer() sealer { return sealer{seal.NewContentKey()} }

// close seals a text for a conversation.
func (s sealer) close(text, conversation string) ([]byte, error) {
	return s.key.Seal(placeIn(conversation), []byte(text))
}

func (s sealer) open(sealed []byte, conversation string) (string, error) {
	text, err := s.key.Open(placeIn(conversation), sealed)
	return string(text), err
}

func placeIn(conversation string) seal.Place {
	return seal.Place{Domain: "stafett.example", Conversation: conversation, Kind: sealv1.Kind_KIND_BRIDGE, Item: "words"}
}

func sealedKey(handover string, part handoverv1.Scope) string {
	return handover + "/" + story.Code(part)
}
