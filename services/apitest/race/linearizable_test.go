package race_test

import (
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// question is an operation on a handover: a line accepts it, or, without a line, asks who has
// it.
type question struct{ handover, line string }

// The answers to an accept. A read returns the line that accepted, or none.
const (
	won     = "won"
	tooLate = "too late"
	nobody  = ""
)

// firstAcceptWins models a handover as if everything happened sequentially in one place: the
// first line to accept has it, and all later ones are told so. Its state is the line that has
// it.
var firstAcceptWins = porcupine.Model{
	Partition: byHandover,
	Init:      func() any { return nobody },
	Step: func(state, input, output any) (bool, any) {
		line := input.(question).line
		switch {
		case line == "":
			return output == state, state
		case state == nobody:
			return output == won, line
		}
		return output == tooLate, state
	},
}

// byHandover partitions a history: handovers are independent of each other.
func byHandover(history []porcupine.Operation) [][]porcupine.Operation {
	parts := map[string][]porcupine.Operation{}
	for _, o := range history {
		handover := o.Input.(question).handover
		parts[handover] = append(parts[handover], o)
	}
	var all [][]porcupine.Operation
	for _, part := range parts {
		all = append(all, part)
	}
	return all
}

// recorder records when each question was asked and answered, by one monotonic clock.
type recorder struct {
	began   time.Time
	mu      sync.Mutex
	history []porcupine.Operation
}

// ask asks and records.
func (r *recorder) ask(client int, q question, answer func() string) string {
	call := time.Since(r.began).Nanoseconds()
	output := answer()
	returned := time.Since(r.began).Nanoseconds()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.history = append(r.history, porcupine.Operation{ClientId: client, Input: q, Call: call, Output: output, Return: returned})
	return output
}

// TestTheCheckCanFail: forbidden histories are detected.
func TestTheCheckCanFail(t *testing.T) {
	during := func(call, returned int64, line, answer string) porcupine.Operation {
		return porcupine.Operation{Input: question{"1", line}, Output: answer, Call: call, Return: returned}
	}
	cases := map[string]struct {
		history []porcupine.Operation
		allowed bool
	}{
		"one wins":                     {[]porcupine.Operation{during(0, 9, "a", won), during(0, 9, "b", tooLate)}, true},
		"the later call wins":          {[]porcupine.Operation{during(0, 9, "a", tooLate), during(5, 9, "b", won)}, true},
		"a read between":               {[]porcupine.Operation{during(0, 9, "a", won), during(0, 2, "", nobody), during(3, 4, "", "a")}, true},
		"two win":                      {[]porcupine.Operation{during(0, 9, "a", won), during(0, 9, "b", won)}, false},
		"nobody wins":                  {[]porcupine.Operation{during(0, 9, "a", tooLate), during(0, 9, "b", tooLate)}, false},
		"the first was told too late":  {[]porcupine.Operation{during(0, 3, "a", tooLate), during(5, 9, "b", won)}, false},
		"a read of nobody afterwards":  {[]porcupine.Operation{during(0, 3, "a", won), during(5, 9, "", nobody)}, false},
		"a read of the one who lost":   {[]porcupine.Operation{during(0, 9, "a", won), during(0, 9, "b", tooLate), during(0, 9, "", "b")}, false},
		"two reads that go back":       {[]porcupine.Operation{during(0, 9, "a", won), during(1, 2, "", "a"), during(3, 4, "", nobody)}, false},
		"other handovers do not count": {[]porcupine.Operation{during(0, 9, "a", won), {Input: question{"2", "b"}, Output: won, Return: 9}}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := porcupine.CheckOperations(firstAcceptWins, c.history); got != c.allowed {
				t.Errorf("allowed: %v, want %v", got, c.allowed)
			}
		})
	}
}
