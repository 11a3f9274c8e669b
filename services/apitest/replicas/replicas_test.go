package replicas_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/logtest"
)

// TestReplicasFireOnce: two routing services run their timer queues on one log. Each deadline
// of a handover is in the log once, whether both fire it, one of them alone, one that has to
// rebuild its projection, or both when they come back.
func TestReplicasFireOnce(t *testing.T) {
	f := apitest.NewFleet(t)
	one, other := f.World, f.Replica()
	attempts := attempts(f)
	stalled := stall(f)
	both := func(steps ...time.Duration) {
		for _, step := range steps {
			f.Clock.Advance(step)
			f.SettleAll(one, other)
		}
	}
	both(29*time.Second, time.Second) // no one joined
	other.Stop()
	one.Advance(15 * time.Second) // no one answered
	other.Remove("routing/model.db")
	f.Begin(other, "routing")
	both(45 * time.Second) // no one confirmed, the sender was asked to leave
	one.Stop()
	other.Advance(30 * time.Second) // no bridge
	f.Begin(one)
	both(4*time.Minute, 24*time.Hour) // no consent, no outcome
	one.Stop()
	other.Stop()
	f.Clock.Advance(24 * time.Hour) // still no outcome
	f.Begin(one)
	f.Begin(other, "routing")
	both(0, 24*time.Hour)
	firedOnce(f, stalled)
	recorded := int64(0)
	for _, s := range f.Commits() {
		if s.Commit.Command == "Advance" {
			recorded++
		}
	}
	t.Logf("%d commits, %d of which the log refused because the other replica was first", attempts.Load(), attempts.Load()-recorded)
	if attempts.Load() <= recorded {
		t.Error("the replicas never competed, so this shows nothing")
	}
}

// attempts counts what routing services send to the log by themselves, whether or not it is
// recorded.
func attempts(f *apitest.Fleet) *atomic.Int64 {
	f.T.Helper()
	var n atomic.Int64
	_, err := logtest.Connect(f.T, f.Server).Subscribe("stafett.conversation.*", func(m *nats.Msg) {
		a := &eventv1.Commit{}
		if proto.Unmarshal(m.Data, a) == nil && a.Command == "Advance" {
			n.Add(1)
		}
	})
	if err != nil {
		f.T.Fatal(err)
	}
	return &n
}

// firedOnce checks that each stalled handover got the events of its deadlines, each once, and
// no conversation the same event twice at one instant.
func firedOnce(f *apitest.Fleet, stalled map[string][]string) {
	f.T.Helper()
	counts, same := map[string]int{}, map[string]bool{}
	for _, s := range f.Commits() {
		if s.Commit.Command != "Advance" {
			continue
		}
		for _, e := range s.Commit.Events {
			counts[s.Commit.Subject+apitest.Kind(e)]++
			twice := fmt.Sprint(s.Commit.Subject, s.Commit.RecordTime.AsTime(), e)
			if same[twice] {
				f.T.Errorf("twice in the log: %s", twice)
			}
			same[twice] = true
		}
	}
	for subject, kinds := range stalled {
		for _, kind := range kinds {
			if counts[subject+kind] != 1 {
				f.T.Errorf("%s has %s %d times, want once", subject, kind, counts[subject+kind])
			}
		}
	}
}
