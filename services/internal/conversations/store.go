// Package conversations keeps the state of every conversation in a service's
// read model and carries out commands on it: decide, append on the condition
// that nothing else came first, and otherwise catch up and decide again.
package conversations

import (
	"fmt"
	"sync"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Bucket of a read model in which states lie, by conversation id.
const Bucket = "conversations"

// Fold applies an entry to its conversation's state and returns the state, or
// nil for an entry of something else.
func Fold(tx *bbolt.Tx, entry eventlog.Entry) (*handover.State, error) {
	id := entry.Conversation()
	if id == "" {
		return nil, nil
	}
	s, err := Get(tx, id)
	if err != nil {
		return nil, err
	}
	if err := handover.Fold(s, entry.Commit, entry.Position, entry.Hash); err != nil {
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
		return nil, fmt.Errorf("the stored state of conversation %s is damaged; delete the read model, it is rebuilt: %w", id, err)
	}
	return s, nil
}

// encode is deterministic, so that the same history makes the same bytes.
func encode(s *handover.State) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(s)
}

// recent holds the states that this service has just appended to and that its
// read model has not folded yet.
type recent struct {
	mu     sync.Mutex
	folded uint64 // the newest position that the read model was heard to have
	states map[string]recentState
}

type recentState struct {
	position uint64
	stored   []byte
}

// put remembers a state, unless a newer one is remembered or the read model has
// it already: of two appends, the second may be remembered first.
func (r *recent) put(id string, s *handover.State) error {
	stored, err := encode(s)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.HeadPosition > max(r.folded, r.states[id].position) {
		r.states[id] = recentState{position: s.HeadPosition, stored: stored}
	}
	return nil
}

// newer returns the stored state of a conversation if it is past a position.
func (r *recent) newer(id string, position uint64) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.states[id]; s.position > position {
		return s.stored
	}
	return nil
}

// forget drops what the read model has folded.
func (r *recent) forget(batch []eventlog.Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, entry := range batch {
		r.folded = entry.Position
		id := entry.Conversation()
		if s, ok := r.states[id]; ok && s.position <= entry.Position {
			delete(r.states, id)
		}
	}
}
