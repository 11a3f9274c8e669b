package history

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"google.golang.org/protobuf/proto"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// Payload is an append's bytes as the log has them. It is an error if they cannot
// be made again from what was told, because another version wrote them.
func Payload(stored *auditv1.StoredAppend) ([]byte, error) {
	payload, err := proto.Marshal(stored.Append)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(payload); !bytes.Equal(sum[:], stored.PayloadHash) {
		return nil, fmt.Errorf("position %d: its bytes are not those that its hash is of", stored.Position)
	}
	return payload, nil
}
