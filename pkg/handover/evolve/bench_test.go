package evolve_test

import (
	"crypto/sha256"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/evolve"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// long is a conversation of a hundred commits.
func long(b *testing.B) *story.Story {
	s := story.NewStory(b).Given(story.OpenConversation(), story.Comes(story.Bullying, "kim")).To(story.First, handoverv1.HandoverState_HANDOVER_STATE_BRIDGED)
	for len(s.History) < 100 {
		s.Given(story.Writes(story.Bullying, "child", story.All))
	}
	return s
}

func BenchmarkDecide(b *testing.B) {
	s := long(b)
	for b.Loop() {
		if _, err := command.Decide(s.State, story.Writes(story.Bullying, "child", story.All), s.Now, s.Rules); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCommit(b *testing.B) {
	s := long(b)
	last := s.History[len(s.History)-1]
	before := &handover.State{}
	for _, r := range s.History[:len(s.History)-1] {
		if err := evolve.Commit(before, r.Commit, r.Position, sha256.Sum256(r.Payload)); err != nil {
			b.Fatal(err)
		}
	}
	hash := sha256.Sum256(last.Payload)
	for b.Loop() {
		b.StopTimer()
		state := proto.CloneOf(before)
		b.StartTimer()
		if err := evolve.Commit(state, last.Commit, last.Position, hash); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCommitAll(b *testing.B) {
	s := long(b)
	for b.Loop() {
		state := &handover.State{}
		for _, r := range s.History {
			if err := evolve.Commit(state, r.Commit, r.Position, sha256.Sum256(r.Payload)); err != nil {
				b.Fatal(err)
			}
		}
	}
}
