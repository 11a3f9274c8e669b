package conversations_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/handover/decide"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// TestServicesRaceOnOneConversation: what was recorded is there once, and what
// was not is not there.
func TestServicesRaceOnOneConversation(t *testing.T) {
	const workers, commands = 4, 15
	world := newShared(t)
	intake, triage := world.open(t, "intake").run(t), world.open(t, "triage").run(t)
	intake.do(t, call("open"), opening())
	var mu sync.Mutex
	recorded := map[uint64]string{1: "open"}
	var racing sync.WaitGroup
	race := func(s *service, name string, command decide.Command) {
		for {
			answer, err := s.Do(logtest.Context(t), call(name), command)
			if reason(err) == handoverv1.RefusalReason_REFUSAL_REASON_CONTENDED {
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if other, taken := recorded[answer.Position]; taken {
				t.Errorf("%s and %s were both recorded at %d", name, other, answer.Position)
			}
			recorded[answer.Position] = name
			return
		}
	}
	for w := range workers {
		racing.Go(func() {
			for i := range commands {
				who := fmt.Sprintf("p%d-%d", w, i)
				race(intake, who, joining(who))
			}
		})
		racing.Go(func() {
			for i := range commands {
				race(triage, fmt.Sprintf("risk%d-%d", w, i), assessing())
			}
		})
	}
	racing.Wait()
	entries := history(t, intake.log)
	if len(entries) != 1+2*workers*commands {
		t.Errorf("there are %d commits, want %d", len(entries), 1+2*workers*commands)
	}
	for _, entry := range entries {
		if string(call(recorded[entry.Position]).RequestID) != string(entry.Commit.RequestId) {
			t.Errorf("position %d was answered to %q, and is another's", entry.Position, recorded[entry.Position])
		}
	}
}

// TestARefusalIsOfTheNewestState: the service's own projection lags behind the other services.
func TestARefusalIsOfTheNewestState(t *testing.T) {
	world := newShared(t)
	stale, newest := world.open(t, "intake"), world.open(t, "intake")
	newest.do(t, call("open"), opening())
	if _, err := stale.Do(logtest.Context(t), call("join"), joining("mina")); err != nil {
		t.Errorf("refused on a state in which the conversation was not open yet: %v", err)
	}
	newest.do(t, call("close"), closing())
	_, err := stale.Do(logtest.Context(t), call("late"), joining("aksel"))
	if reason(err) != handoverv1.RefusalReason_REFUSAL_REASON_CONVERSATION_CLOSED {
		t.Errorf("%v, want CONVERSATION_CLOSED", err)
	}
}

// TestWithoutTheLogNothingIsRefused: the service cannot know that its state is the newest, and
// a refusal would be believed.
func TestWithoutTheLogNothingIsRefused(t *testing.T) {
	world := newShared(t)
	s := world.open(t, "intake")
	world.nc.Close()
	for name, command := range map[string]decide.Command{"to be refused": joining("mina"), "to be recorded": opening()} {
		_, err := s.Do(logtest.Context(t), call(name), command)
		if !errors.Is(err, eventlog.ErrUnknown) || reason(err) != 0 {
			t.Errorf("%s: %v (%v), want an unknown outcome and no refusal", name, err, reason(err))
		}
	}
}

// TestDecidedAnewAfterAConflict: others get through between each decision and its commit, a
// few times or every time.
func TestDecidedAnewAfterAConflict(t *testing.T) {
	for _, meddlings := range []int{1, 5, 15, 1000} {
		t.Run(fmt.Sprint(meddlings), func(t *testing.T) {
			world := newShared(t)
			triage, log := world.open(t, "triage"), world.log(t, "intake")
			left := 0
			s := open(t, log, file(t), meddling{clockwork.NewRealClock(), func() {
				if left--; left >= 0 {
					triage.do(t, call(""), assessing())
				}
			}})
			s.do(t, call("open"), opening())
			left = meddlings
			answer, err := s.Do(logtest.Context(t), call("join"), joining("mina"))
			entries := history(t, log)
			if meddlings < 16 {
				if err != nil || answer.Position != uint64(len(entries)) || len(entries) != meddlings+2 {
					t.Errorf("%v, %v with %d commits, want it recorded after the others", answer, err, len(entries))
				}
				return
			}
			if reason(err) != handoverv1.RefusalReason_REFUSAL_REASON_CONTENDED || len(entries) != 1+16 {
				t.Errorf("%v with %d commits, want CONTENDED after 16", err, len(entries))
			}
		})
	}
}

// TestTheStateHasOnesOwnAppends before the projection has them.
func TestTheStateHasOnesOwnAppends(t *testing.T) {
	s := newShared(t).open(t, "intake")
	for i, who := range []string{"", "mina", "aksel"} {
		var answer *handoverv1.Recorded
		if who == "" {
			answer = s.do(t, call("open"), opening())
		} else {
			answer = s.do(t, call(who), joining(who))
		}
		state, err := s.State(logtest.Context(t), conversation)
		if err != nil || state.HeadPosition != answer.Position || len(state.Conversation.Participants) != 1+i {
			t.Errorf("the state is %v, %v, want position %d and %d participants", state, err, answer.Position, 1+i)
		}
	}
}

func TestNothingIsRememberedOnceItIsFolded(t *testing.T) {
	s := newShared(t).open(t, "intake").run(t)
	var opened sync.WaitGroup
	for worker := range 4 {
		opened.Go(func() {
			for i := range 50 {
				c := call("open")
				c.Target = fmt.Sprintf("%032x", worker*1000+i)
				s.do(t, c, opening())
			}
		})
	}
	opened.Wait()
	s.settle(t)
	if n := s.pending.Len(); n != 0 {
		t.Errorf("%d states are still remembered", n)
	}
}

func BenchmarkDo(b *testing.B) {
	s := newShared(b).open(b, "intake").run(b)
	ctx, n := b.Context(), 0
	for b.Loop() {
		n++
		c := call("open")
		c.Target = fmt.Sprintf("%032x", n)
		if _, err := s.Do(ctx, c, opening()); err != nil {
			b.Fatal(err)
		}
	}
}
