package conversations

import (
	"sync"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Pending holds what this service knows of conversations before its projection does: states after
// its own commits and after those of others that it read, and the receipts among those commits.
// It is safe for concurrent use.
type Pending struct {
	mu      sync.Mutex
	applied uint64 // the newest position known to be in the projection
	states  map[string]pendingState
}

type pendingState struct {
	position uint64
	stored   []byte
	// receipts are those of all commits that the projection may not have, up to the position.
	receipts handover.Receipts
}

// NewPending returns an empty Pending.
func NewPending() *Pending { return &Pending{states: map[string]pendingState{}} }

// put keeps a state and the receipts of the commits that led to it, unless the projection already
// has it. It never replaces a newer state: of two commits, the second may be put first.
func (p *Pending) put(id string, s *handover.State, commits ...eventlog.Entry) error {
	stored, err := encode(s)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.HeadPosition <= p.applied {
		return nil
	}
	kept := p.states[id]
	if kept.receipts == nil {
		kept.receipts = handover.Receipts{}
	}
	for _, entry := range commits {
		kept.receipts.Add(entry.Commit, entry.Position)
	}
	if s.HeadPosition > kept.position {
		kept.position, kept.stored = s.HeadPosition, stored
	}
	p.states[id] = kept
	return nil
}

// newer returns the pending state of a conversation if it is past a position.
func (p *Pending) newer(id string, position uint64) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.states[id]; s.position > position {
		return s.stored
	}
	return nil
}

// receipt returns a request's receipt, or nil if it is not pending.
func (p *Pending) receipt(id string, requestID []byte) *handover.Receipt {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.states[id].receipts.Find(requestID)
}

// Forget drops the states that the projection has after a batch.
func (p *Pending) Forget(_ *bbolt.Tx, batch []eventlog.Entry) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, entry := range batch {
		p.applied = entry.Position
		id := entry.Conversation()
		if s, ok := p.states[id]; ok && s.position <= entry.Position {
			delete(p.states, id)
		}
	}
	return nil
}
