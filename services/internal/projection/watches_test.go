package projection_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/projection"
)

// touching touches each commit's subject.
func touching() projection.Definition {
	d := definition("1")
	apply := d.Apply
	d.Apply = func(tx *projection.Tx, entry eventlog.Entry) error {
		tx.Touch(entry.Commit.Subject)
		return apply(tx, entry)
	}
	return d
}

func TestABatchWakesTheWatchesOfWhatItTouched(t *testing.T) {
	log := logtest.New(t, "intake")
	m := open(t, path(t), log, touching())
	concerned, another := m.Watch(eventlog.ConversationSubject("a0")), m.Watch(eventlog.ConversationSubject("b0"))
	twice := m.Watch(eventlog.ConversationSubject("a0"))
	defer another.Stop()
	twice.Stop()
	run(t, m)
	last := fill(t, log, "a", 1)
	select {
	case <-concerned.Changed:
	case <-time.After(logtest.Patience):
		t.Fatal("the watch of what changed was not woken")
	}
	if m.Position() < last {
		t.Errorf("it was woken at %d, before position %d was written", m.Position(), last)
	}
	concerned.Stop()
	fill(t, log, "c", 1) // a later batch
	await(t, m, last+1)
	select {
	case <-another.Changed:
		t.Error("the watch of something else was woken")
	case <-twice.Changed:
		t.Error("a watch that was stopped was woken")
	default:
	}
}

// BenchmarkManyWatches measures a commit until its watch is woken, beside watches of other things.
func BenchmarkManyWatches(b *testing.B) {
	for _, others := range []int{1, 10_000} {
		b.Run(fmt.Sprint(others), func(b *testing.B) {
			log := logtest.New(b, "intake")
			m := open(b, path(b), log, touching())
			run(b, m)
			for i := range others {
				other := m.Watch(fmt.Sprint("another ", i))
				go func() {
					select {
					case <-other.Changed:
						b.Error("a watch of something else was woken")
					case <-b.Context().Done():
					}
				}()
				defer other.Stop()
			}
			for i := 0; b.Loop(); i++ {
				name := fmt.Sprintf("c%d-", i)
				watch := m.Watch(eventlog.ConversationSubject(name + "0"))
				fill(b, log, name, 1)
				<-watch.Changed
				watch.Stop()
			}
		})
	}
}
