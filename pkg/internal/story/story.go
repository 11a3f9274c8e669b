package story

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/evolve"
	"github.com/stafett/stafett/pkg/invariant"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// reporter is what a story needs of a test or a benchmark.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Story is a conversation that a test tells by commands and moves of the clock.
// What happens is decided on the state so far, recorded as the log would, and
// applied.
type Story struct {
	t       reporter
	Now     time.Time
	Rules   handover.Rules
	Rank    func(*statev1.Conversation) *handoverv1.RoutingDecision
	State   *handover.State
	History []invariant.Recorded
	// down: the platform was away at times, and is known to have been late.
	down bool
	// commands made the history, one per commit.
	commands []decide.Command
}

var EveryLine = []string{Bullying, Emergency, Mind, Alcohol}

// Evening is when stories begin.
var Evening = time.Date(2026, time.October, 13, 17, 40, 0, 0, time.UTC)

func NewStory(t reporter) *Story {
	return &Story{
		t: t, Now: Evening,
		Rules: handover.DefaultRules(), Rank: Plan(Emergency, Mind), State: &handover.State{},
	}
}

// Begin starts a story whose history is checked when the test ends.
func Begin(t *testing.T) *Story {
	s := NewStory(t)
	t.Cleanup(func() {
		for _, v := range invariant.Check(s.History).Violations {
			// A test moves time and fires deadlines by hand, so what is late by I18 does not count.
			if !v.Late || !s.down && v.Invariant != "I18" {
				t.Errorf("the history is not sound: %s", v)
			}
		}
		s.Replays()
	})
	return s
}

// Given carries out commands that lead to where the test begins.
func (s *Story) Given(commands ...decide.Command) *Story {
	s.t.Helper()
	for _, c := range commands {
		if o := s.When(c); o.Err != nil {
			s.t.Fatalf("given %s %+v: %v", CommandName(c), c, o.Err)
		}
	}
	return s
}

func (s *Story) Wait(d time.Duration) *Story {
	s.Now = s.Now.Add(d)
	return s
}

// Passes lets time go by while the platform does what is due, when it is due.
func (s *Story) Passes(d time.Duration) *Story {
	s.t.Helper()
	until := s.Now.Add(d)
	for {
		due, waiting := deadline.Due(s.State.Conversation)
		if !waiting || due.After(until) {
			break
		}
		if due.After(s.Now) {
			s.Now = due
		}
		s.Looks()
	}
	s.Now = until
	return s
}

// WentDown says that the platform is away at times from here on.
func (s *Story) WentDown() *Story {
	s.down = true
	return s
}

// Looks lets the platform do what is due.
func (s *Story) Looks() *Story { return s.Given(s.Advance()) }

func (s *Story) Advance() decide.Command { return deadline.Advance{Rank: s.Rank} }

// Outcome is what a command came to.
type Outcome struct {
	*Story
	Decision decide.Decision
	Err      error
}

// When carries out one command. Deciding never changes the state.
func (s *Story) When(c decide.Command) Outcome {
	s.t.Helper()
	c = s.hears(s.signs(c))
	before := proto.CloneOf(s.State)
	decision, err := command.Decide(s.State, c, s.Now, s.Rules)
	if !proto.Equal(before, s.State) {
		s.t.Fatalf("%s changed the state that it was decided on", CommandName(c))
	}
	if err != nil && (len(decision.Events) > 0 || decision.Name != "") {
		s.t.Fatalf("%s was refused and still decided %v", CommandName(c), event.Names(decision.Events))
	}
	if len(decision.Events) > 0 {
		s.Record(c, RequestID(len(s.History)+1), decision)
	}
	return Outcome{Story: s, Decision: decision, Err: err}
}

// Gives expects the kinds of events that came of it, in order.
func (o Outcome) Gives(kinds ...string) *Story {
	o.t.Helper()
	if o.Err != nil {
		o.t.Fatalf("it was refused: %v", o.Err)
	}
	if got, want := strings.Join(event.Names(o.Decision.Events), " "), strings.Join(kinds, " "); got != want {
		o.t.Errorf("it gave %q, want %q", got, want)
	}
	return o.Story
}

// Refused expects the reason of a refusal.
func (o Outcome) Refused(code string) *refusal.Error {
	o.t.Helper()
	var refused *refusal.Error
	if !errors.As(o.Err, &refused) {
		o.t.Fatalf("it came to %v (error %v), want it refused with %s", event.Names(o.Decision.Events), o.Err, code)
	}
	if refused.Name() != code {
		o.t.Errorf("it was refused with %s (%s), want %s", refused.Name(), refused.Message, code)
	}
	return refused
}

// Stands expects state, next actor and time left of the newest handover, as
// "OFFERED RECEIVER 45s".
func (s *Story) Stands(want string) *Story {
	s.t.Helper()
	h := handover.Of(s.State.Conversation).Current()
	got := fmt.Sprintf("%s %s", Short(h.State), Short(h.NextActor))
	if h.Deadline != nil {
		got += " " + h.Deadline.AsTime().Sub(s.Now).String()
	}
	if got != want {
		s.t.Errorf("the handover stands at %q, want %q", got, want)
	}
	return s
}

// Told expects of what supervisors were told, and of which line, oldest first.
func (s *Story) Told(want ...string) *Story {
	s.t.Helper()
	var got []string
	for _, call := range s.State.Conversation.SupervisorCalls {
		got = append(got, call.Line+" "+Short(call.Reason))
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		s.t.Errorf("supervisors were told %v, want %v", got, want)
	}
	return s
}

// Record commits a decision as the owner of its events and applies it.
func (s *Story) Record(c decide.Command, request []byte, decision decide.Decision) {
	s.t.Helper()
	n := len(s.History) + 1
	a := &eventv1.Commit{
		Id: fmt.Sprintf("%032x", n), Subject: "stafett.conversation." + Conversation,
		Service: event.Owner(decision.Events[0]), RecordTime: timestamppb.New(s.Now),
		Caller: Caller(c), Command: CommandName(c), RequestId: request, RequestHash: requestHash(c),
		PreviousHash: s.State.HeadHash, Number: s.State.Commits + 1,
		Name: decision.Name, Events: decision.Events,
	}
	payload, err := proto.MarshalOptions{Deterministic: true}.Marshal(a)
	if err != nil {
		s.t.Fatalf("%s: %v", CommandName(c), err)
	}
	r := invariant.Recorded{Position: uint64(10 * n), Commit: a, Payload: payload}
	if err := evolve.Commit(s.State, a, r.Position, sha256.Sum256(payload)); err != nil {
		s.t.Fatalf("%s: %v", CommandName(c), err)
	}
	s.History, s.commands = append(s.History, r), append(s.commands, c)
}

func RequestID(n int) []byte { return fmt.Appendf(nil, "%016x", n) }

func requestHash(c decide.Command) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %+v", CommandName(c), c))
	return sum[:16]
}

func CommandName(c decide.Command) string { return reflect.TypeOf(c).Name() }

// Caller is the line that a command comes from, or the routing service.
func Caller(c decide.Command) string {
	if line := reflect.ValueOf(c).FieldByName("Line"); line.IsValid() {
		return "spiffe://stafett.test/line/" + line.String()
	}
	return "spiffe://stafett.test/service/routing"
}

// Short is the name of a code without its prefix.
func Short(code fmt.Stringer) string {
	for _, prefix := range []string{"HANDOVER_STATE_", "NEXT_ACTOR_", "OFFER_STATE_", "RETURN_REASON_", "OUTCOME_", "SUPERVISOR_REASON_"} {
		if name, ok := strings.CutPrefix(code.String(), prefix); ok {
			return name
		}
	}
	return code.String()
}
