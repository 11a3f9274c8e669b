package simulation

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover/evolve"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// errConflict means that another commit came first.
var errConflict = errors.New("the conversation has a newer commit")

// entry is one commit as the log stores it.
type entry struct {
	append   *eventv1.Commit
	position uint64
	payload  []byte
	hash     [32]byte
}

// log is the log of one conversation. Its positions have gaps, because other conversations
// lie in between.
type log struct{ entries []entry }

// head is the newest position, or 0 if the log is empty.
func (l *log) head() uint64 { return uint64(len(l.entries)) * gap }

const gap = 3

// append stores a commit on the condition that nothing was committed after the given
// position.
func (l *log) append(a *eventv1.Commit, after uint64) (entry, error) {
	if after != l.head() {
		return entry{}, errConflict
	}
	payload, err := proto.MarshalOptions{Deterministic: true}.Marshal(a)
	if err != nil {
		return entry{}, err
	}
	e := entry{append: a, position: l.head() + gap, payload: payload, hash: sha256.Sum256(payload)}
	l.entries = append(l.entries, e)
	return e, nil
}

// tail returns the entries after a position.
func (l *log) tail(after uint64) []entry { return l.entries[after/gap:] }

// rebuild projects the stored bytes of the log, as a replica does that starts empty.
func (l *log) rebuild() (*replica, error) {
	r := newReplica()
	for _, e := range l.entries {
		a := &eventv1.Commit{}
		if err := proto.Unmarshal(e.payload, a); err != nil {
			return nil, err
		}
		if err := evolve.Commit(r.state, a, e.position, e.hash); err != nil {
			return nil, fmt.Errorf("rebuilding: %w", err)
		}
		r.receipts.Add(a, e.position)
		r.observe(a.RecordTime.AsTime())
	}
	return r, nil
}
