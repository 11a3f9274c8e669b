package handover_test

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
	"github.com/stafett/stafett/pkg/invariant"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// reporter is what a story needs of a test or a benchmark.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// story is a conversation that a test tells by commands and moves of the clock.
// What happens is decided on the state so far, recorded as the log would, and
// folded.
type story struct {
	t       reporter
	now     time.Time
	rules   handover.Rules
	rank    func(*handoverv1.Conversation) *handoverv1.RoutingDecision
	state   *handover.State
	history []invariant.Recorded
	// down: the platform was away at times, and is known to have been late.
	down bool
	// commands made the history, one per commit.
	commands []handover.Command
}

var everyLine = []string{bullying, emergency, mind, alcohol}

// evening is when stories begin.
var evening = time.Date(2026, time.October, 13, 17, 40, 0, 0, time.UTC)

func newStory(t reporter) *story {
	return &story{
		t: t, now: evening,
		rules: handover.DefaultRules(), rank: plan(emergency, mind), state: &handover.State{},
	}
}

// begin starts a story whose history is checked when the test ends.
func begin(t *testing.T) *story {
	s := newStory(t)
	t.Cleanup(func() {
		for _, v := range invariant.Check(s.history).Violations {
			if !s.down || !v.Late {
				t.Errorf("the history is not sound: %s", v)
			}
		}
		s.replays()
	})
	return s
}

// given carries out commands that lead to where the test begins.
func (s *story) given(commands ...handover.Command) *story {
	s.t.Helper()
	for _, c := range commands {
		if o := s.when(c); o.err != nil {
			s.t.Fatalf("given %s %+v: %v", commandName(c), c, o.err)
		}
	}
	return s
}

func (s *story) wait(d time.Duration) *story {
	s.now = s.now.Add(d)
	return s
}

// passes lets time go by while the platform does what is due, when it is due.
func (s *story) passes(d time.Duration) *story {
	s.t.Helper()
	until := s.now.Add(d)
	for {
		due, waiting := handover.Due(s.state.Conversation)
		if !waiting || due.After(until) {
			break
		}
		if due.After(s.now) {
			s.now = due
		}
		s.looks()
	}
	s.now = until
	return s
}

// wentDown says that the platform is away at times from here on.
func (s *story) wentDown() *story {
	s.down = true
	return s
}

// looks lets the platform do what is due.
func (s *story) looks() *story { return s.given(s.advance()) }

func (s *story) advance() handover.Command { return handover.Advance{Rank: s.rank} }

// outcome is what a command came to.
type outcome struct {
	*story
	decision handover.Decision
	err      error
}

// when carries out one command. Deciding never changes the state.
func (s *story) when(c handover.Command) outcome {
	s.t.Helper()
	before := proto.CloneOf(s.state)
	decision, err := handover.Decide(s.state, c, s.now, s.rules)
	if !proto.Equal(before, s.state) {
		s.t.Fatalf("%s changed the state that it was decided on", commandName(c))
	}
	if err != nil && (len(decision.Events) > 0 || decision.Name != "") {
		s.t.Fatalf("%s was refused and still decided %v", commandName(c), event.Names(decision.Events))
	}
	if len(decision.Events) > 0 {
		s.record(c, requestID(len(s.history)+1), decision)
	}
	return outcome{story: s, decision: decision, err: err}
}

// gives expects the kinds of events that came of it, in order.
func (o outcome) gives(kinds ...string) *story {
	o.t.Helper()
	if o.err != nil {
		o.t.Fatalf("it was refused: %v", o.err)
	}
	if got, want := strings.Join(event.Names(o.decision.Events), " "), strings.Join(kinds, " "); got != want {
		o.t.Errorf("it gave %q, want %q", got, want)
	}
	return o.story
}

// refused expects the reason of a refusal.
func (o outcome) refused(code string) *refusal.Error {
	o.t.Helper()
	var refused *refusal.Error
	if !errors.As(o.err, &refused) {
		o.t.Fatalf("it came to %v (error %v), want it refused with %s", event.Names(o.decision.Events), o.err, code)
	}
	if refused.Name() != code {
		o.t.Errorf("it was refused with %s (%s), want %s", refused.Name(), refused.Message, code)
	}
	return refused
}

// stands expects state, next actor and time left of the newest handover, as
// "OFFERED RECEIVER 45s".
func (s *story) stands(want string) *story {
	s.t.Helper()
	h := handover.Of(s.state.Conversation).Current()
	got := fmt.Sprintf("%s %s", short(h.State), short(h.NextActor))
	if h.Deadline != nil {
		got += " " + h.Deadline.AsTime().Sub(s.now).String()
	}
	if got != want {
		s.t.Errorf("the handover stands at %q, want %q", got, want)
	}
	return s
}

// told expects of what supervisors were told, and of which line, oldest first.
func (s *story) told(want ...string) *story {
	s.t.Helper()
	var got []string
	for _, call := range s.state.Conversation.SupervisorCalls {
		got = append(got, call.Line+" "+short(call.Reason))
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		s.t.Errorf("supervisors were told %v, want %v", got, want)
	}
	return s
}

// record commits a decision as the owner of its events and applies it.
func (s *story) record(c handover.Command, request []byte, decision handover.Decision) {
	s.t.Helper()
	n := len(s.history) + 1
	a := &eventv1.Commit{
		Id: fmt.Sprintf("%032x", n), Subject: "stafett.conversation." + conversation,
		Service: event.Owner(decision.Events[0]), RecordTime: timestamppb.New(s.now),
		Caller: caller(c), Command: commandName(c), RequestId: request, RequestHash: requestHash(c),
		PreviousHash: s.state.HeadHash, Number: s.state.Commits + 1,
		Name: decision.Name, Events: decision.Events,
	}
	payload, err := proto.MarshalOptions{Deterministic: true}.Marshal(a)
	if err != nil {
		s.t.Fatalf("%s: %v", commandName(c), err)
	}
	r := invariant.Recorded{Position: uint64(10 * n), Commit: a, Payload: payload}
	if err := handover.Fold(s.state, a, r.Position, sha256.Sum256(payload)); err != nil {
		s.t.Fatalf("%s: %v", commandName(c), err)
	}
	s.history, s.commands = append(s.history, r), append(s.commands, c)
}

func requestID(n int) []byte { return fmt.Appendf(nil, "%016x", n) }

func requestHash(c handover.Command) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %+v", commandName(c), c))
	return sum[:16]
}

func commandName(c handover.Command) string { return reflect.TypeOf(c).Name() }

// caller is the line that a command comes from, or the routing service.
func caller(c handover.Command) string {
	if line := reflect.ValueOf(c).FieldByName("Line"); line.IsValid() {
		return "spiffe://stafett.test/line/" + line.String()
	}
	return "spiffe://stafett.test/service/routing"
}

// short is the name of a code without its prefix.
func short(code fmt.Stringer) string {
	for _, prefix := range []string{"HANDOVER_STATE_", "NEXT_ACTOR_", "OFFER_STATE_", "RETURN_REASON_", "OUTCOME_", "SUPERVISOR_REASON_"} {
		if name, ok := strings.CutPrefix(code.String(), prefix); ok {
			return name
		}
	}
	return code.String()
}
