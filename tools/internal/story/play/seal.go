package play

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"errors"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// sealer seals what people say, so that the platform holds ciphertext only. It substitutes
// for the lines' own sealing: all lines of a story share one AES-256-GCM key derived from
// the name of the run, which a real key must never be.
type sealer struct{ aead cipher.AEAD }

func newSealer(run string) sealer {
	key := sha256.Sum256([]byte("stafett story\x00" + run))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("a key of 32 bytes: " + err.Error())
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic("a block of 16 bytes: " + err.Error())
	}
	return sealer{aead}
}

// close seals a text for a conversation. The nonce derives from the request id, so that a
// repeated request is identical to the byte.
func (s sealer) close(text, conversation, requestID string) []byte {
	nonce := sha256.Sum256([]byte(requestID))
	sealed := nonce[:s.aead.NonceSize()]
	return s.aead.Seal(sealed, sealed, []byte(text), []byte(conversation))
}

func (s sealer) open(sealed []byte, conversation string) (string, error) {
	if len(sealed) < s.aead.NonceSize() {
		return "", errors.New("the blob is too short to be sealed")
	}
	nonce, sealed := sealed[:s.aead.NonceSize()], sealed[s.aead.NonceSize():]
	text, err := s.aead.Open(nil, nonce, sealed, []byte(conversation))
	return string(text), err
}

func (p *player) sealedText(s *story.Step) []byte {
	return p.seal.close(s.Says, p.played.Conversation, p.requestID(s))
}

func sealedKey(handover string, part handoverv1.Scope) string {
	return handover + "/" + story.Code(part)
}
