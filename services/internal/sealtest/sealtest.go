// Package sealtest seals and opens words for tests that are about how the platform carries blobs,
// and not about who can open them.
package sealtest

import (
	"fmt"

	"github.com/stafett/stafett/pkg/seal"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

var (
	key   = seal.NewContentKey()
	place = seal.Place{Domain: "test", Conversation: "conversations/test", Kind: sealv1.Kind_KIND_BRIDGE, Item: "words"}
)

// Blob seals words. The same words make another blob each time.
func Blob(words string) []byte {
	blob, err := key.Seal(place, []byte(words))
	if err != nil {
		panic(err)
	}
	return blob
}

// Words opens a blob of this process. Of any other it says why it does not open, so that a test that
// compares words fails.
func Words(blob []byte) string {
	words, err := key.Open(place, blob)
	if err != nil {
		return fmt.Sprintf("%x: %v", blob[:min(len(blob), 8)], err)
	}
	return string(words)
}
