package interop

import (
	"context"
	"encoding/binary"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/files"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	"github.com/stafett/stafett/services/internal/tree"
)

const origin = "stafett.test/history"

var logKey = verifytest.Log(origin, 1)

// message is a commit of its own size and bytes.
func message(position int64) verify.Message {
	random := rand.New(rand.NewPCG(uint64(position), 0))
	payload := make([]byte, 20+random.IntN(600))
	for i := range payload {
		payload[i] = byte(random.Uint32())
	}
	return verify.Message{
		Subject: "stafett.conversation.x", Payload: payload,
		Header: binary.BigEndian.AppendUint64([]byte("NATS/1.0\r\nA: "), uint64(position)),
	}
}

// grown is our tree over messages, signed at several sizes on the way.
func grown(t *testing.T, size int64) *tree.Tree {
	t.Helper()
	grown := verifytest.Must(tree.Open(filepath.Join(t.TempDir(), "tree.db"), logKey, slog.New(slog.DiscardHandler)))
	t.Cleanup(func() { grown.Close() })
	for have := int64(0); have < size; {
		var leaves []tlog.Hash
		for position := have + 1; position <= min(size, have+9999); position++ {
			leaves = append(leaves, message(position).Leaf())
		}
		have = verifytest.Must(grown.Extend(have, leaves)).Size
	}
	return grown
}

// source has our tree's files.
type source struct{ tree *tree.Tree }

func (s source) Read(_ context.Context, path string) (bundle []byte, err error) {
	if path == verify.CheckpointPath {
		return s.tree.Head().Signed, nil
	}
	t, err := verify.ParseTilePath(path)
	if err != nil || t.L != verify.Bundles {
		return verifytest.Must(s.tree.Tile(t)), err
	}
	for i := range int64(t.W) {
		bundle = verifytest.Must(verify.AppendToBundle(bundle, message(t.N*verify.TileWidth+i+1).Entry()))
	}
	return bundle, nil
}

// written is our tree as a folder.
func written(t *testing.T, size int64) files.Folder {
	t.Helper()
	folder := files.Folder(t.TempDir())
	if _, err := files.Copy(t.Context(), source{grown(t, size)}, folder, nil); err != nil {
		t.Fatal(err)
	}
	return folder
}
