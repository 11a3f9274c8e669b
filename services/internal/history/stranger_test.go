package history_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/services/internal/logtest"
)

// strangersRoot derives the root as docs/recompute-the-root.md describes.
func strangersRoot(t *testing.T, nc *nats.Conn, size int) [32]byte {
	t.Helper()
	var leaves [][32]byte
	for position := 1; position <= size; position++ {
		answer, err := nc.RequestWithContext(logtest.Context(t), "$JS.API.STREAM.MSG.GET.STAFETT", fmt.Appendf(nil, `{"seq":%d}`, position))
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Message struct{ Subject, Hdrs, Data string }
		}
		if err := json.Unmarshal(answer.Data, &got); err != nil {
			t.Fatal(err)
		}
		header, _ := base64.StdEncoding.DecodeString(got.Message.Hdrs)
		payload, _ := base64.StdEncoding.DecodeString(got.Message.Data)
		if len(header) == 0 || len(payload) == 0 {
			t.Fatalf("position %d has no header or no payload: %s", position, answer.Data)
		}
		leaf := []byte{0}
		for _, part := range [][]byte{[]byte(got.Message.Subject), header, payload} {
			leaf = append(binary.BigEndian.AppendUint32(leaf, uint32(len(part))), part...)
		}
		leaves = append(leaves, sha256.Sum256(leaf))
	}
	return rfc6962(leaves)
}

// rfc6962 is MTH of RFC 6962, section 2.1, verbatim.
func rfc6962(leaves [][32]byte) [32]byte {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	left, right := rfc6962(leaves[:k]), rfc6962(leaves[k:])
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}
