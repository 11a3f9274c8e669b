package conversations_test

import (
	"fmt"
	"testing"
)

// BenchmarkCommand is a command on a conversation that has had few or many before.
func BenchmarkCommand(b *testing.B) {
	for _, before := range []int{1, 3000} {
		b.Run(fmt.Sprint("after ", before), func(b *testing.B) {
			world := newShared(b)
			world.open(b, "intake").do(b, call("open"), opening())
			s := world.open(b, "triage").run(b)
			for i := range before {
				s.do(b, call(fmt.Sprint("before ", i)), assessing())
			}
			s.settle(b)
			n := 0
			for b.Loop() {
				n++
				s.do(b, call(fmt.Sprint(n)), assessing())
			}
			b.StopTimer()
			s.stop()
		})
	}
}
