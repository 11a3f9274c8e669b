package evolve

import (
	"bytes"
	"fmt"

	"github.com/stafett/stafett/pkg/event/upcast"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Commit applies a commit, recorded at a position, to a state, and upgrades events of
// earlier versions. The hash is SHA-256 of the stored payload. A commit that does not
// follow the newest one in the state means a hole in the history: Commit returns an error
// and leaves the state unchanged.
func Commit(s *handover.State, a *eventv1.Commit, position uint64, hash [32]byte) error {
	if err := follows(s, a, position); err != nil {
		return err
	}
	if s.Conversation == nil {
		s.Conversation = &statev1.Conversation{}
	}
	for _, e := range a.Events {
		e = upcast.Event(s.Conversation, e)
		Event(handover.Of(s.Conversation), e, a.RecordTime.AsTime())
		evolveConsentPosition(s.Conversation, e, position)
		evolveParties(s, e, position)
	}
	s.HeadPosition, s.HeadHash, s.Commits = position, hash[:], a.Number
	return nil
}

func follows(s *handover.State, a *eventv1.Commit, position uint64) error {
	switch {
	case position <= s.HeadPosition:
		return fmt.Errorf("position %d of %s does not lie after %d", position, a.Subject, s.HeadPosition)
	case a.Number != s.Commits+1:
		return fmt.Errorf("position %d is commit %d of %s, want %d: the history has a gap", position, a.Number, a.Subject, s.Commits+1)
	case !bytes.Equal(a.PreviousHash, s.HeadHash):
		return fmt.Errorf("position %d of %s does not carry the hash of the commit before it", position, a.Subject)
	}
	return nil
}
