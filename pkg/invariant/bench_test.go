package invariant_test

import (
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/invariant"
)

// BenchmarkAdd adds whole conversations, one after the other, and lets go of each.
func BenchmarkAdd(b *testing.B) {
	for name, options := range map[string][]invariant.Option{
		"all":             nil,
		"without content": {invariant.Without("I7")},
		"without log":     {invariant.Without("I7", "I8", "I9", "OWN")},
	} {
		b.Run(name, func(b *testing.B) {
			c := invariant.New(options...)
			for history := range conversations(b) {
				for _, r := range history {
					c.Add(r)
				}
				c.Forget(history[0].Commit.Subject, history[len(history)-1].Commit.RecordTime.AsTime())
			}
			if v := c.Violations(); len(v) > 0 {
				b.Fatal(v[0])
			}
		})
	}
}

// conversations are the warm story, again and again, until b.N appends were seen.
func conversations(b *testing.B) func(func([]invariant.Recorded) bool) {
	return func(yield func([]invariant.Recorded) bool) {
		for n := 0; n < b.N; {
			b.StopTimer()
			history := bare(n)
			b.StartTimer()
			if !yield(history[:min(len(history), b.N-n)]) {
				return
			}
			n += len(history)
		}
	}
}

// bare is a conversation of a simulator: not stored, but linked by its hashes.
func bare(n int) []invariant.Recorded {
	var history []invariant.Recorded
	for i, a := range warm().appends {
		a = proto.CloneOf(a)
		a.Subject = fmt.Sprintf("stafett.conversation.%032x", n)
		a.Id, a.Number = fmt.Sprintf("%032x", n+i+1), uint32(i+1)
		a.RequestId, a.RequestHash = fmt.Appendf(nil, "%016x", n+i+1), make([]byte, 16)
		a.PreviousHash = previous(i)
		history = append(history, invariant.Recorded{Position: uint64(n + i + 1), Commit: a})
	}
	return history
}

func previous(i int) []byte {
	if i == 0 {
		return nil
	}
	return make([]byte, 32)
}

// BenchmarkCheck is one whole conversation with its stored bytes.
func BenchmarkCheck(b *testing.B) {
	s := warm()
	payloads := make([][]byte, len(s.appends))
	for i, a := range s.appends {
		payloads[i], _ = proto.Marshal(a)
	}
	b.ReportAllocs()
	for b.Loop() {
		history := make([]invariant.Recorded, len(s.appends))
		for i, a := range s.appends {
			history[i] = invariant.Recorded{Position: uint64(i + 1), Commit: a, Payload: payloads[i]}
		}
		invariant.Check(history)
	}
}
