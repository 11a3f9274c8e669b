package story

import (
	"bytes"
	"crypto/sha256"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/evolve"
	"github.com/stafett/stafett/pkg/invariant"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// Replays expects that the stored bytes, applied from the first on, rebuild the same state
// byte for byte.
func (s *Story) Replays() {
	s.t.Helper()
	rebuilt := &handover.State{}
	for _, r := range s.History {
		rebuilt = s.refold(rebuilt, r)
	}
	s.same(rebuilt)
}

// refold applies the stored bytes of a commit to a state that was itself stored and read
// again, as a projection does.
func (s *Story) refold(state *handover.State, r invariant.Recorded) *handover.State {
	s.t.Helper()
	stored, a := &handover.State{}, &eventv1.Commit{}
	if err := proto.Unmarshal(s.bytes(state), stored); err != nil {
		s.t.Fatalf("the state cannot be read again: %v", err)
	}
	if err := proto.Unmarshal(r.Payload, a); err != nil {
		s.t.Fatalf("position %d cannot be read again: %v", r.Position, err)
	}
	if err := evolve.Commit(stored, a, r.Position, sha256.Sum256(r.Payload)); err != nil {
		s.t.Fatalf("position %d cannot be applied again: %v", r.Position, err)
	}
	return stored
}

func (s *Story) same(rebuilt *handover.State) {
	s.t.Helper()
	if !bytes.Equal(s.bytes(rebuilt), s.bytes(s.State)) {
		s.t.Errorf("replay rebuilds another state:\n%v\nwant\n%v", rebuilt, s.State)
	}
}

func (s *Story) bytes(state *handover.State) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(state)
	if err != nil {
		s.t.Fatalf("the state cannot be stored: %v", err)
	}
	return b
}
