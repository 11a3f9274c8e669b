package conversations

import (
	"errors"
	"maps"
	"slices"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// held are the states that a batch has changed. They are written once, at its end.
type held struct {
	states   map[string]*handover.State
	finished map[string]bool
}

func heldIn(tx *projection.Tx) *held {
	return tx.Value(heldKey{}, func() any {
		h := &held{map[string]*handover.State{}, map[string]bool{}}
		tx.Last(func() error { return h.write(tx) })
		return h
	}).(*held)
}

type heldKey struct{}

// before is the state before an entry. That of a finished conversation, which nothing was expected
// of any more, is rebuilt.
func (h *held) before(tx *projection.Tx, entry eventlog.Entry) (*handover.State, error) {
	id := entry.Conversation()
	if s, known := h.states[id]; known {
		return s, nil
	}
	s, err := Get(tx.Tx, id)
	if !errors.Is(err, ErrFinished) {
		return s, err
	}
	h.finished[id] = true
	commits, err := tx.Earlier(entry)
	if err != nil {
		return nil, err
	}
	return Rebuild(commits)
}

// write writes the states in the order of their keys.
func (h *held) write(tx *projection.Tx) error {
	for _, id := range slices.Sorted(maps.Keys(h.states)) {
		if err := h.writeOne(tx, id); err != nil {
			return err
		}
	}
	return nil
}

func (h *held) writeOne(tx *projection.Tx, id string) error {
	states := tx.Bucket([]byte(Bucket))
	if !h.finished[id] {
		stored, err := encode(h.states[id])
		if err != nil {
			return err
		}
		return states.Put([]byte(id), stored)
	}
	if err := states.Delete([]byte(id)); err != nil {
		return err
	}
	return tx.Bucket([]byte(finishedBucket)).Put(finishedKey(id), []byte{})
}
