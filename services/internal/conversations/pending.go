package conversations

import (
	"sync"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Pending holds the states after this service's own commits that the projection does not have
// yet. It is safe for concurrent use.
type Pending struct {
	mu      sync.Mutex
	applied uint64 // the newest position known to be in the projection
	states  map[string]pendingState
}

type pendingState struct {
	position uint64
	stored   []byte
}

// NewPending returns an empty Pending.
func NewPending() *Pending { return &Pending{states: map[string]pendingState{}} }

// put keeps a state, unless a newer one is kept or the projection already has it: of two
// commits, the second may be put first.
func (p *Pending) put(id string, s *handover.State) error {
	stored, err := encode(s)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.HeadPosition > max(p.applied, p.states[id].position) {
		p.states[id] = pendingState{position: s.HeadPosition, stored: stored}
	}
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
