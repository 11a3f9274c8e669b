package handover_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// walk is a random conversation: commands of all lines, sensible and not, jumps
// of the clock, requests sent again, and the platform looking at what is due.
type walk struct {
	*story
	draw *rapid.T
	// punctual: the platform does what is due before time goes on.
	punctual bool
	// rebuilt is the state as a second reader folds it from the stored bytes.
	rebuilt *handover.State
	// checked is how many appends have been looked at with all invariants.
	checked int
}

// TestWalk looks at random conversations with all invariants after every append.
// For longer: go test ./pkg/handover -run TestWalk -rapid.checks=20000
func TestWalk(t *testing.T) {
	for name, punctual := range map[string]bool{"punctual platform": true, "platform that comes and goes": false} {
		t.Run(name, func(t *testing.T) {
			seen, walks := map[string]bool{}, 0
			rapid.Check(t, func(draw *rapid.T) {
				walks++
				newWalk(draw, punctual).goes(seen)
			})
			for state := range states {
				if !seen[state] {
					t.Logf("no walk came to %s", state)
				}
			}
			t.Log("for longer: go test ./pkg/handover -run TestWalk -rapid.checks=20000")
			if walks >= 100 && !seen["TRANSFERRED"] {
				t.Error("no walk came as far as TRANSFERRED: the walks say little")
			}
		})
	}
}

func newWalk(draw *rapid.T, punctual bool) *walk {
	w := &walk{story: newStory(draw), draw: draw, punctual: punctual, rebuilt: &handover.State{}}
	w.rank = rankAll
	return w
}

// rankAll is a directory of four lines, all open. It leaves it to the package that
// no line is asked twice.
func rankAll(c *handoverv1.Conversation) *handoverv1.RoutingDecision {
	h := handover.Current(c)
	decision := &handoverv1.RoutingDecision{RulesVersion: "test/1"}
	for _, line := range []string{emergency, mind, bullying, alcohol} {
		candidate := &handoverv1.Candidate{Line: line}
		if line == h.FromLine {
			candidate.Failed = append(candidate.Failed, handoverv1.Verdict_VERDICT_SAME_LINE)
		}
		if len(h.Candidates) > 0 && !slices.Contains(h.Candidates, line) {
			candidate.Failed = append(candidate.Failed, handoverv1.Verdict_VERDICT_NOT_NAMED)
		}
		decision.Candidates = append(decision.Candidates, candidate)
	}
	return decision
}

func (w *walk) goes(seen map[string]bool) {
	w.begins()
	w.draw.Repeat(map[string]func(*rapid.T){
		"onward":  func(*rapid.T) { w.onward() },
		"farther": func(*rapid.T) { w.onward() },
		"any":     func(*rapid.T) { w.says(w.any()) },
		"again":   func(*rapid.T) { w.saysAgain() },
		"advance": func(*rapid.T) { w.platformLooks() },
		"time":    func(*rapid.T) { w.timeGoes() },
		"": func(*rapid.T) {
			w.sound()
			if h := handover.Current(w.state.Conversation); h != nil {
				seen[short(h.State)] = true
			}
		},
	})
	w.replays()
}

// begins brings the walk to where it starts: before a handover, somewhere in the
// first one, or in the next.
func (w *walk) begins() {
	w.given(opening(rapid.SampledFrom([]handoverv1.Channel{chat, chat, phone, sms}).Draw(w.draw, "channel")),
		comes(bullying, "kim"), risk(bullying, w.level()))
	state := handoverv1.HandoverState(rapid.IntRange(0, 18).Draw(w.draw, "begins in"))
	switch p := rapid.SampledFrom([]pass{first, second, back}).Draw(w.draw, "begins with"); p {
	case first:
		w.to(first, state)
	default:
		w.rank = plan(emergency)
		w.to(first, stateOf("CLOSED"))
		w.rank = plan(p.to)
		w.to(p, state)
		w.rank = rankAll
	}
	for _, r := range w.history {
		w.rebuilt = w.refold(w.rebuilt, r)
	}
	w.same(w.rebuilt)
}

// onward says some sensible things, while a few seconds go by.
func (w *walk) onward() {
	for range rapid.IntRange(1, 4).Draw(w.draw, "commands") {
		w.says(w.sensible())
		w.wait(time.Duration(rapid.IntRange(0, 3).Draw(w.draw, "seconds")) * time.Second)
		if w.punctual {
			w.platformCatchesUp()
		}
	}
}

// says sends a command under a new request id. What it appends is read by the
// second reader at once.
func (w *walk) says(c handover.Command) {
	if again := w.request(requestID(len(w.history)+1), c); again != nil {
		w.t.Fatalf("a request that never came is answered with %v", again)
	}
}

// request carries out a command under a request id as the services do: what came
// before under it is answered from its receipt, and not carried out.
func (w *walk) request(id []byte, c handover.Command) (again *handoverv1.Receipt) {
	if receipt := handover.FindReceipt(w.state.Receipts, id); receipt != nil {
		return receipt
	}
	if o := w.when(c); len(o.decision.Events) > 0 {
		w.rebuilt = w.refold(w.rebuilt, w.history[len(w.history)-1])
		w.same(w.rebuilt)
	}
	return nil
}

// saysAgain sends a request a second time, as it was or with another body. The
// answer is the first one, with the hash that gives another body away.
func (w *walk) saysAgain() {
	n := rapid.IntRange(1, len(w.history)).Draw(w.draw, "request")
	r, c := w.history[n-1], w.commands[n-1]
	if rapid.Bool().Draw(w.draw, "another body") {
		c = w.any()
	}
	before := len(w.history)
	again := w.request(r.Commit.RequestId, c)
	if len(w.history) != before {
		w.t.Fatalf("request %d was carried out twice", n)
	}
	want := &handoverv1.Receipt{
		RequestId: r.Commit.RequestId, RequestHash: requestHash(w.commands[n-1]),
		Name: r.Commit.Name, Position: r.Position, RecordTime: r.Commit.RecordTime,
	}
	if !proto.Equal(again, want) {
		w.t.Fatalf("request %d is answered with %v, want %v", n, again, want)
	}
}

// timeGoes lets time go on, a little, to the instant of a deadline or past it.
func (w *walk) timeGoes() {
	until := w.jump()
	if w.punctual {
		w.platformWorks(until)
	}
	w.now = until
}

// jump draws an instant.
func (w *walk) jump() time.Time {
	long := 24 * time.Hour
	if w.punctual {
		long = time.Hour // every alert on the way is an append
	}
	due, waiting := handover.Due(w.state.Conversation)
	switch kind := rapid.IntRange(0, 14).Draw(w.draw, "jump"); {
	case kind < 3 && waiting && due.After(w.now):
		return due.Add(time.Duration(kind-1) * time.Nanosecond)
	case kind == 3:
		return w.now.Add(time.Duration(rapid.Int64Range(0, int64(long)).Draw(w.draw, "long")))
	default:
		return w.now.Add(time.Duration(rapid.IntRange(0, 20).Draw(w.draw, "seconds")) * time.Second)
	}
}

// platformWorks does what is due on the way to an instant, each when it is due.
func (w *walk) platformWorks(until time.Time) {
	for due, waiting := handover.Due(w.state.Conversation); waiting && !due.After(until); due, waiting = handover.Due(w.state.Conversation) {
		w.now = later(w.now, due)
		w.platformLooks()
	}
}

func (w *walk) platformCatchesUp() {
	for due, waiting := handover.Due(w.state.Conversation); waiting && !due.After(w.now); due, waiting = handover.Due(w.state.Conversation) {
		w.platformLooks()
	}
}

// platformLooks does what is due, all of it at once, and nothing where nothing is.
func (w *walk) platformLooks() {
	due, waiting := handover.Due(w.state.Conversation)
	overdue := waiting && !due.After(w.now)
	before := len(w.history)
	w.says(w.advance())
	if acted := len(w.history) > before; acted != overdue {
		w.t.Fatalf("due %s (%t) and at %s the platform acted: %t", due, waiting, w.now, acted)
	}
	next, waiting := handover.Due(w.state.Conversation)
	if did := w.history[len(w.history)-1].Commit.Events; waiting && !next.After(w.now) && len(did) < 8 {
		w.t.Fatalf("the platform acted at %s (%v) and is due again at %s", w.now, event.Names(did), next)
	}
}
