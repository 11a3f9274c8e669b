package race_test

import (
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// accepts are the lines whose accepts were sent to the log, recorded or not, by
// subject.
type accepts struct {
	mu    sync.Mutex
	lines map[string]map[string]bool
}

// watchAccepts listens beside the log.
func watchAccepts(t *testing.T, nc *nats.Conn) *accepts {
	t.Helper()
	all := &accepts{lines: map[string]map[string]bool{}}
	_, err := nc.Subscribe("stafett.conversation.*", func(m *nats.Msg) {
		a := &eventv1.Commit{}
		if err := proto.Unmarshal(m.Data, a); err != nil || a.Events[0].GetOfferAccepted() == nil {
			return
		}
		all.mu.Lock()
		defer all.mu.Unlock()
		if all.lines[a.Subject] == nil {
			all.lines[a.Subject] = map[string]bool{}
		}
		all.lines[a.Subject][a.Caller] = true
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// both counts the handovers for which both lines' accepts reached the log, so that only the
// log's condition decided.
func (a *accepts) both() (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, lines := range a.lines {
		if len(lines) == 2 {
			n++
		}
	}
	return n
}
