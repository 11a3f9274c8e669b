package exploration

import (
	"flag"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
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
	unbroken(t, g)
	endless := g.Endless()
	for _, way := range endless[:min(len(endless), 5)] {
		t.Errorf("nothing but time leads nowhere from here:\n  %s", strings.Join(way, "\n  "))
	}
}

// unbroken expects that every state seen is as it must be.
func unbroken(t *testing.T, g *Graph) {
	t.Helper()
	for _, b := range g.Breaches[:min(len(g.Breaches), 5)] {
		t.Errorf("%s: %s\n  %s", b.Rule, b.Message, strings.Join(b.Way, "\n  "))
	}
}

func TestEveryStateOfAHandoverIsReached(t *testing.T) {
	g := explored(t)
	for number := range handoverv1.HandoverState_name {
		state := handoverv1.HandoverState(number)
		t.Logf("%6d %s", g.Seen[state], Name(state))
		if g.Seen[state] == 0 && state != handoverv1.HandoverState_HANDOVER_STATE_EMERGENCY { // of earlier histories
			t.Errorf("no state has a handover that is %s", Name(state))
		}
	}
}

// handedOver is a first handover that went as it should: the second line has custody,
// the child's leg is still at the first, and for the next change of hands a supervisor
// must agree.
var handedOver = append(asked,
	order.Of("a", &intakev1.GiveConsentRequest{Scopes: intro}).About(1, 0), order.Order{},
	order.Of("b", &routingv1.AcceptOfferRequest{}).About(1, 1),
	order.Of("b", &routingv1.JoinHandoverRequest{Participant: "b1"}).About(1, 0),
	order.Of("a", &routingv1.OpenBridgeRequest{Participant: "a1"}).About(1, 0),
	order.Of("b", &routingv1.ConfirmHandoverRequest{Participant: "b1"}).About(1, 0),
	order.Of("a", &intakev1.AgreeToHandoverRequest{}).About(1, 0), order.Order{},
	order.Of("a", &routingv1.LeaveHandoverRequest{}).About(1, 0),
	order.Of("b", &routingv1.ReportOutcomeRequest{Outcome: handoverv1.Outcome_OUTCOME_ONGOING}).About(1, 0),
)

// asked is a child that is asked for its consent.
var asked = []order.Order{
	order.Of("a", &routingv1.ProposeHandoverRequest{}),
	order.Of("a", &intakev1.AskConsentRequest{Scopes: intro}).About(1, 0),
}

var intro = []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO}

var second = flag.Int("second", 10_000, "how many states of a second handover to explore, 0 for all")

func TestEveryStateOfASecondHandoverIsSound(t *testing.T) {
	g, err := Explore(Bounds{Handovers: 2, After: handedOver, States: *second})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d states, %d edges, complete: %t", g.States(), g.Edges, g.Complete)
	check := unbroken
	if *second == 0 {
		check = sound
	}
	check(t, g)
	for _, way := range g.Transitions() {
		if !slices.ContainsFunc(explored(t).Transitions(), func(known Transition) bool { return known.From == way.From && known.To == way.To }) {
			t.Errorf("a second handover goes from %s to %s, which a first does not", Name(way.From), Name(way.To))
		}
	}
}

func TestAWorldWithoutADeadlineIsFound(t *testing.T) {
	s, err := beginAfter(asked)
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
