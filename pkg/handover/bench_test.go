package handover_test

import (
	"crypto/sha256"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// long is a conversation of a hundred commits.
func long(b *testing.B) *story {
	s := newStory(b).given(openConversation(), comes(bullying, "kim")).to(first, handoverv1.HandoverState_HANDOVER_STATE_BRIDGED)
	for len(s.history) < 100 {
		s.given(writes(bullying, "child", all))
	}
	return s
}

func BenchmarkDecide(b *testing.B) {
	s := long(b)
	for b.Loop() {
		if _, err := handover.Decide(s.state, writes(bullying, "child", all), s.now, s.rules); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	s := long(b)
	last := s.history[len(s.history)-1]
	before := &handover.State{}
	for _, r := range s.history[:len(s.history)-1] {
		if err := handover.Fold(before, r.Commit, r.Position, sha256.Sum256(r.Payload)); err != nil {
			b.Fatal(err)
		}
	}
	hash := sha256.Sum256(last.Payload)
	for b.Loop() {
		b.StopTimer()
		state := proto.CloneOf(before)
		b.StartTimer()
		if err := handover.Fold(state, last.Commit, last.Position, hash); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFoldAll(b *testing.B) {
	s := long(b)
	for b.Loop() {
		state := &handover.State{}
		for _, r := range s.history {
			if err := handover.Fold(state, r.Commit, r.Position, sha256.Sum256(r.Payload)); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkFindReceipt(b *testing.B) {
	s := long(b)
	for name, id := range map[string][]byte{"oldest": requestID(1), "newest": requestID(100), "unknown": requestID(101)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				handover.FindReceipt(s.state.Receipts, id)
			}
		})
	}
}
