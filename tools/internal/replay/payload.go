package replay

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"google.golang.org/protobuf/proto"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// Genuine refuses a commit whose payload does not match its hash or contradicts the other
// fields. The payload must have been requested.
func Genuine(stored *auditv1.StoredCommit) error {
	if sum := sha256.Sum256(stored.Payload); !bytes.Equal(sum[:], stored.PayloadHash) {
		return fmt.Errorf("position %d: its payload is not the one that its hash is of", stored.Position)
	}
	says := &eventv1.Commit{}
	if err := proto.Unmarshal(stored.Payload, says); err != nil || !proto.Equal(says, stored.Commit) {
		return fmt.Errorf("position %d: its payload says something else than was told", stored.Position)
	}
	return nil
}
