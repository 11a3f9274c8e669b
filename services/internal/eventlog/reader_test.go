package eventlog_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// sharing follows a log by way of its reader. Each batch waits for the gate, unless that is nil.
func sharing(t *testing.T, log *eventlog.Log, after uint64, gate <-chan struct{}, each func() error) *follower {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	f := &follower{entries: make(chan eventlog.Entry, 20000), ended: make(chan error, 1), stop: stop}
	go func() {
		f.ended <- log.Share(ctx, after, 0, nil, func(batch []eventlog.Entry) error {
			if gate != nil {
				<-gate
			}
			for _, entry := range batch {
				f.entries <- entry
			}
			return each()
		})
	}()
	t.Cleanup(stop)
	return f
}

func fine() error { return nil }

// TestOneReadingServesAll: they get the same entries, which were read and verified once.
func TestOneReadingServesAll(t *testing.T) {
	log := logtest.New(t, "intake")
	fill(t, log, 3)
	a, b := sharing(t, log, 0, nil, fine), sharing(t, log, 2, nil, fine)
	first := <-a.entries
	if first.Position != 1 {
		t.Fatalf("got position %d, want 1", first.Position)
	}
	a.expect(t, 2, 3)
	b.expect(t, 3, 3)
	fill(t, log, 1)
	if one, other := <-a.entries, <-b.entries; one.Commit != other.Commit || one.Position != 4 {
		t.Errorf("they got %v and %v, want the same entry", one, other)
	}
	late := sharing(t, log, 0, nil, fine)
	late.expect(t, 1, 4)
}

// TestASlowFollowerHoldsNobodyUp: it reads by itself what the reader no longer keeps.
func TestASlowFollowerHoldsNobodyUp(t *testing.T) {
	const many = 5000
	log := logtest.New(t, "intake")
	fill(t, log, 1)
	gate := make(chan struct{})
	slow, quick := sharing(t, log, 0, gate, fine), sharing(t, log, 0, nil, fine)
	quick.expect(t, 1, 1)
	fill(t, log, many)
	quick.expect(t, 2, many+1)
	close(gate)
	slow.expect(t, 1, many+1)
	fill(t, log, 1)
	slow.expect(t, many+2, many+2)
}

func TestAFailingFollowerEndsAlone(t *testing.T) {
	log := logtest.New(t, "intake")
	failure := errors.New("its file is damaged")
	fails, other := sharing(t, log, 0, nil, func() error { return failure }), sharing(t, log, 0, nil, fine)
	fill(t, log, 1)
	if err := <-fails.ended; !errors.Is(err, failure) {
		t.Errorf("it ended with %v", err)
	}
	fill(t, log, 1)
	other.expect(t, 1, 2)
	again := sharing(t, log, 0, nil, fine)
	again.expect(t, 1, 2)
}

// TestAReaderStartsAgain once nobody follows.
func TestAReaderStartsAgain(t *testing.T) {
	log := logtest.New(t, "intake")
	for n := range uint64(3) {
		f := sharing(t, log, n, nil, fine)
		fill(t, log, 1)
		f.expect(t, n+1, n+1)
		f.stop()
		<-f.ended
	}
}

// TestHurryEndsARest: a reader that waits for a position does not wait for the pace.
func TestHurryEndsARest(t *testing.T) {
	log := logtest.New(t, "intake")
	hurry, got := make(chan struct{}, 1), make(chan uint64, 10)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go log.Share(ctx, 0, time.Hour, hurry, func(batch []eventlog.Entry) error {
		got <- batch[len(batch)-1].Position
		return nil
	})
	fill(t, log, 1)
	<-got
	fill(t, log, 1)
	hurry <- struct{}{}
	if position := <-got; position != 2 {
		t.Errorf("got position %d, want 2", position)
	}
}
