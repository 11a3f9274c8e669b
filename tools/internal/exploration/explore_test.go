package exploration

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
	"github.com/stafett/stafett/tools/internal/simulation/soundness"
)

// whole is the world with one handover, explored once for all tests.
var whole = sync.OnceValues(func() (*Graph, error) { return Explore(Bounds{Handovers: 1}) })

func explored(t *testing.T) *Graph {
	t.Helper()
	g, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestEveryStateIsSound(t *testing.T) {
	g := explored(t)
	t.Logf("%d states, %d edges", g.States(), g.Edges)
	if !g.Complete {
		t.Error("states are left that nobody has looked at")
	}
	for _, b := range g.Breaches[:min(len(g.Breaches), 5)] {
		t.Errorf("%s: %s\n  %s", b.Rule, b.Message, strings.Join(b.Way, "\n  "))
	}
}

func TestTimersAloneLeadToAnEnd(t *testing.T) {
	endless := explored(t).Endless()
	for _, way := range endless[:min(len(endless), 5)] {
		t.Errorf("nothing but time leads nowhere from here:\n  %s", strings.Join(way, "\n  "))
	}
}

func TestEveryStateOfAHandoverIsReached(t *testing.T) {
	g := explored(t)
	for number := range handoverv1.HandoverState_name {
		state := handoverv1.HandoverState(number)
		t.Logf("%6d %s", g.Seen[state], Name(state))
		if g.Seen[state] == 0 {
			t.Errorf("no state has a handover that is %s", Name(state))
		}
	}
}

// A second handover makes the world too large for every test run; go run
// ./tools/simulate -explore 2 sees more of it.
func TestTheBeginningOfASecondHandover(t *testing.T) {
	if testing.Short() {
		t.Skip("explores for some seconds")
	}
	g, err := Explore(Bounds{Handovers: 2, States: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range g.Breaches[:min(len(g.Breaches), 5)] {
		t.Errorf("%s: %s\n  %s", b.Rule, b.Message, strings.Join(b.Way, "\n  "))
	}
}

func TestAWorldWithoutADeadlineIsFound(t *testing.T) {
	s, err := begin()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"ProposeHandover line=a", "AskConsent line=a handover=1 scopes=2"} {
		s = given(t, s, text)
	}
	handover.Current(s.Conversation).Deadline = nil
	handover.Current(s.Conversation).RemindTime = nil
	l := lookAt(s, 1)
	if !slices.ContainsFunc(l.breaches, func(b soundness.Breach) bool { return b.Rule == "deadline" }) {
		t.Errorf("a child that is asked for ever is not found: %v", l.breaches)
	}
}

func TestALoopOfTimersIsFound(t *testing.T) {
	g := newGraph()
	g.nodes = []node{{from: -1, timer: 1}, {from: 0, timer: 2}, {from: 1, timer: 1}, {from: 0, timer: -1}, {from: 3, over: true}}
	if ways := g.Endless(); len(ways) != 4 {
		t.Errorf("found %d states that lead nowhere, want 4", len(ways))
	}
}

// given carries out an order.
func given(t *testing.T, s *handover.State, text string) *handover.State {
	t.Helper()
	o, err := order.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var l look
	l.tries(proto.CloneOf(s), o, o.Build(directory), now)
	if len(l.next) != 1 || l.err != nil {
		t.Fatalf("%s leads nowhere (error %v)", text, l.err)
	}
	return l.next[0].state
}
