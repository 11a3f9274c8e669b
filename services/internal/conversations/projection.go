// Package conversations keeps the state of every conversation in a service's
// projection, and is the repository through which commands change it.
package conversations

import (
	"fmt"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/evolve"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// Bucket is the projection's bucket of states, by conversation id.
const Bucket = "conversations"

// Apply applies an entry to its conversation's state and returns the state, or nil if the
// entry is not a conversation's.
func Apply(tx *projection.Tx, entry eventlog.Entry) (*handover.State, error) {
	id := entry.Conversation()
	if id == "" {
		return nil, nil
	}
	s, err := Get(tx.Tx, id)
	if err != nil {
		return nil, err
	}
	if err := evolve.Commit(s, entry.Commit, entry.Position, entry.Hash); err != nil {
		return nil, err
	}
	stored, err := encode(s)
	if err != nil {
		return nil, err
	}
	return s, tx.Bucket([]byte(Bucket)).Put([]byte(id), stored)
}

// Get reads a conversation's state; the zero state if it has not been opened.
func Get(tx *bbolt.Tx, id string) (*handover.State, error) {
	return decode(id, tx.Bucket([]byte(Bucket)).Get([]byte(id)))
}

func decode(id string, stored []byte) (*handover.State, error) {
	s := &handover.State{}
	if err := proto.Unmarshal(stored, s); err != nil {
		return nil, fmt.Errorf("the stored state of conversation %s is damaged; delete the projection; it is rebuilt: %w", id, err)
	}
	return s, nil
}

// encode is deterministic, so that the same history produces the same bytes.
func encode(s *handover.State) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(s)
}
