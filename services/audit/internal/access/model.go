package access

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/projection"
)

// bucket has every access's payload, by position.
var bucket = []byte("accesses")

// Definition is the projection of the record. It refuses an access that does not follow the
// one before it.
func Definition() projection.Definition {
	return projection.Definition{Version: "accesses/1", Apply: apply, Buckets: []string{string(bucket)}}
}

func apply(tx *projection.Tx, entry eventlog.Entry) error {
	before, err := decode(entry.Position-1, tx.Bucket(bucket).Get(projection.PositionKey(entry.Position-1)))
	if err != nil {
		return err
	}
	if entry.Commit.Number != before.Commit.GetNumber()+1 || !bytes.Equal(entry.Commit.PreviousHash, previous(before)) {
		return fmt.Errorf("%w: access %d does not follow access %d, so it has a gap", history.ErrAltered, entry.Commit.Number, before.Commit.GetNumber())
	}
	return tx.Bucket(bucket).Put(projection.PositionKey(entry.Position), entry.Payload)
}

// previous is the hash that the access after an entry must carry; nil before the first.
func previous(entry eventlog.Entry) []byte {
	if entry.Position == 0 {
		return nil
	}
	return entry.Hash[:]
}

func decode(position uint64, payload []byte) (eventlog.Entry, error) {
	a := &eventv1.Commit{}
	if err := proto.Unmarshal(payload, a); err != nil {
		return eventlog.Entry{}, fmt.Errorf("position %d: %w", position, err)
	}
	return eventlog.Entry{Position: position, Commit: a, Payload: bytes.Clone(payload), Hash: sha256.Sum256(payload)}, nil
}
