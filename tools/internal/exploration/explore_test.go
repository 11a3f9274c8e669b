package exploration

import (
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/simulation/soundness"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // exploring leaves much garbage
	os.Exit(m.Run())
}

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
	sound(t, g)
}

// sound expects that all was seen, that it is as it must be, and that time alone leads
// to an end from everywhere.
func sound(t *testing.T, g *Graph) {
	t.Helper()
	if !g.Complete {
		t.Error("states are left that nobody has looked at")
	}
	for _, b := range g.Breaches[:min(len(g.Breaches), 5)] {
		t.Errorf("%s: %s\n  %s", b.Rule, b.Message, strings.Join(b.Way, "\n  "))
	}
	endless := g.Endless()
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

// handedOver is a first handover that went as it should: the second line has custody,
// the child's leg is still at the first, and for the next change of hands a supervisor
// must agree.
var handedOver = []string{
	"ProposeHandover line=a", "AskConsent line=a handover=1 scopes=2", "GiveConsent line=a handover=1 scopes=2", "",
	"AcceptOffer line=b handover=1 offer=1", "JoinHandover line=b person=b1 handover=1", "OpenBridge line=a person=a1 handover=1",
	"ConfirmHandover line=b person=b1 handover=1", "AgreeToHandover line=a handover=1", "",
	"LeaveHandover line=a handover=1", "ReportOutcome line=b handover=1 code=ONGOING",
}

func TestEveryStateOfASecondHandoverIsSound(t *testing.T) {
	if testing.Short() {
		t.Skip("explores for some seconds")
	}
	g, err := Explore(Bounds{Handovers: 2, After: handedOver})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d states, %d edges", g.States(), g.Edges)
	sound(t, g)
	for _, way := range g.Transitions() {
		if !slices.ContainsFunc(explored(t).Transitions(), func(known Transition) bool { return known.From == way.From && known.To == way.To }) {
			t.Errorf("a second handover goes from %s to %s, which a first does not", Name(way.From), Name(way.To))
		}
	}
}

func TestAWorldWithoutADeadlineIsFound(t *testing.T) {
	s, err := beginAfter([]string{"ProposeHandover line=a", "AskConsent line=a handover=1 scopes=2"})
	if err != nil {
		t.Fatal(err)
	}
	handover.Of(s.Conversation).Current().Deadline = nil
	handover.Of(s.Conversation).Current().RemindTime = nil
	l := lookAt(s, 1)
	if !slices.ContainsFunc(l.breaches, func(b soundness.Breach) bool { return b.Rule == "I5" }) {
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
