package conversations_test

import (
	"os"
	"sync"
	"testing"

	"github.com/jonboulle/clockwork"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover/deadline"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/logtest"
)

func TestTheSameRequestGetsTheSameAnswer(t *testing.T) {
	for name, prepare := range map[string]func(*service){
		"while it is only remembered": func(*service) {},
		"once it is folded":           func(s *service) { s.run(t).settle(t) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShared(t).open(t, "intake")
			first := s.do(t, call("open"), opening())
			s.do(t, call("join"), joining("mina"))
			prepare(s)
			for range 3 {
				if again := s.do(t, call("open"), opening()); !proto.Equal(again, first) {
					t.Errorf("asked again: %v, want %v", again, first)
				}
			}
			if n := len(history(t, s.log)); n != 2 {
				t.Errorf("there are %d commits, want 2", n)
			}
			s.stop()
		})
	}
}

func TestTheSameRequestFromManyAtOnce(t *testing.T) {
	s := newShared(t).open(t, "intake").run(t)
	s.do(t, call("open"), opening())
	answers := make([]*handoverv1.Recorded, 16)
	var asking sync.WaitGroup
	for i := range answers {
		asking.Go(func() {
			var err error
			if answers[i], err = s.Do(logtest.Context(t), call("join"), joining("mina")); err != nil {
				t.Error(err)
			}
		})
	}
	asking.Wait()
	for _, answer := range answers {
		if !proto.Equal(answer, answers[0]) {
			t.Errorf("got %v and %v", answer, answers[0])
		}
	}
	if n := len(history(t, s.log)); n != 2 {
		t.Errorf("there are %d commits, want 2", n)
	}
}

// TestTheSameRequestForGood: requests are remembered by the log, not by the projection.
func TestTheSameRequestForGood(t *testing.T) {
	world, path := newShared(t), file(t)
	s := open(t, world.log(t, "intake"), path, clockwork.NewRealClock()).run(t)
	first := s.do(t, call("open"), opening())
	s.do(t, call("join"), joining("mina"))
	s.do(t, call("close"), closing())
	s.stop()
	s.model.Close()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	again := open(t, world.log(t, "intake"), path, clockwork.NewRealClock())
	if answer := again.do(t, call("open"), opening()); !proto.Equal(answer, first) {
		t.Errorf("after a rebuild: %v, want %v", answer, first)
	}
	other := world.open(t, "intake")
	if answer := other.do(t, call("open"), opening()); !proto.Equal(answer, first) {
		t.Errorf("asked elsewhere: %v, want %v", answer, first)
	}
	if n := len(history(t, again.log)); n != 3 {
		t.Errorf("there are %d commits, want 3", n)
	}
}

func TestARequestIDIsNotUsedTwice(t *testing.T) {
	world := newShared(t)
	s, stale := world.open(t, "intake"), world.open(t, "intake")
	recorded := s.do(t, call("open", "a body"), opening())
	for name, service := range map[string]*service{"here": s, "elsewhere": stale} {
		_, err := service.Do(logtest.Context(t), call("open", "another body"), joining("mina"))
		if reason(err) != handoverv1.RefusalReason_REFUSAL_REASON_REQUEST_ID_REUSED {
			t.Errorf("%s: %v, want REQUEST_ID_REUSED", name, err)
		}
	}
	if entries := history(t, s.log); len(entries) != 1 || entries[0].Position != recorded.Position {
		t.Errorf("the history is %v, want the first commit alone", entries)
	}
}

// TestInnerCommandsHaveNoRequest: the platform's own commands are decided each time.
func TestInnerCommandsHaveNoRequest(t *testing.T) {
	s := newShared(t).open(t, "intake")
	s.do(t, call(""), opening())
	s.do(t, call(""), joining("mina"))
	s.do(t, call(""), joining("aksel"))
	if entries := history(t, s.log); len(entries) != 3 {
		t.Errorf("there are %d commits, want 3", len(entries))
	}
}

// TestNothingToDoIsNotAppended: a command that finds everything as it wants it.
func TestNothingToDoIsNotAppended(t *testing.T) {
	world := newShared(t)
	s, routing := world.open(t, "intake"), world.open(t, "routing")
	s.do(t, call("open"), opening())
	recorded, err := routing.Do(logtest.Context(t), call(""), deadline.Advance{})
	if err != nil || recorded.Position != 1 {
		t.Errorf("%v, %v, want position 1", recorded, err)
	}
	if n := len(history(t, s.log)); n != 1 {
		t.Errorf("there are %d commits, want 1", n)
	}
}
