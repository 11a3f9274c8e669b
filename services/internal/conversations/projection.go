// Package conversations keeps the state of every conversation that is not finished in a service's
// projection, and is the repository through which commands change it. The state of a finished one
// is rebuilt from its commits when somebody asks.
package conversations

import (
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/evolve"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

const (
	// Bucket has the states, by conversation id.
	Bucket = "conversations"
	// finishedBucket has a short key of each finished conversation.
	finishedBucket = "finished"
)

// Buckets are those that a projection needs for conversations.
var Buckets = []string{Bucket, finishedBucket}

// ErrFinished: the projection no longer has the state.
var ErrFinished = errors.New("the conversation is finished, and its state is in the log")

// ErrGap: a commit does not follow the one before it.
var ErrGap = errors.New("the history of a conversation has a gap")

// Apply applies an entry to its conversation's state and returns the state, which belongs to the
// batch, or nil if the entry is not a conversation's.
func Apply(tx *projection.Tx, entry eventlog.Entry) (*handover.State, error) {
	id := entry.Conversation()
	if id == "" {
		return nil, nil
	}
	held := heldIn(tx)
	s, err := held.before(tx, entry)
	if err != nil {
		return nil, err
	}
	// The commit belongs to all services, and later events change what the state took from it.
	if err := evolve.Commit(s, proto.CloneOf(entry.Commit), entry.Position, entry.Hash); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrGap, err)
	}
	held.states[id] = s
	if held.finished[id] = held.finished[id] || over(s); held.finished[id] {
		err = tx.ForgetReceipts(entry.Commit.Subject)
	}
	return s, err
}

// over reports whether nothing more is expected to happen. What happens all the same is applied to
// the state after all commits in the log.
func over(s *handover.State) bool {
	if !handover.Of(s.Conversation).Finished() {
		return false
	}
	_, waiting := deadline.Due(s.Conversation)
	return !waiting
}

// Get reads a conversation's state; the zero state if it has not been opened. Errors: ErrFinished.
func Get(tx *bbolt.Tx, id string) (*handover.State, error) {
	stored := tx.Bucket([]byte(Bucket)).Get([]byte(id))
	if stored == nil && isFinished(tx, id) {
		return nil, ErrFinished
	}
	return decode(id, stored)
}

func isFinished(tx *bbolt.Tx, id string) bool {
	return tx.Bucket([]byte(finishedBucket)).Get(finishedKey(id)) != nil
}

func finishedKey(id string) []byte { return projection.SubjectKey(eventlog.ConversationSubject(id)) }

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

// Rebuild is the state after a conversation's commits, from the first on.
func Rebuild(commits []eventlog.Entry) (*handover.State, error) {
	s := &handover.State{}
	for _, entry := range commits {
		if err := evolve.Commit(s, proto.CloneOf(entry.Commit), entry.Position, entry.Hash); err != nil {
			return nil, err
		}
	}
	return s, nil
}
