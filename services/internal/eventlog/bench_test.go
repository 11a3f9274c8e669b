package eventlog_test

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

func BenchmarkAppend(b *testing.B) {
	log := logtest.New(b, "intake")
	ctx, last := b.Context(), uint64(0)
	for b.Loop() {
		entry, err := log.Append(ctx, logtest.Joined("c"), last)
		if err != nil {
			b.Fatal(err)
		}
		last = entry.Position
	}
}

// BenchmarkConditionalPublish is the cost of a commit without protobuf, headers and signature.
func BenchmarkConditionalPublish(b *testing.B) {
	nc := logtest.Connect(b, logtest.Server(b))
	logtest.NewKeys(b).Open(b, nc, 1, "intake")
	js, ctx, last := logtest.JetStream(b, nc), b.Context(), uint64(0)
	payload := make([]byte, 200)
	for b.Loop() {
		ack, err := js.PublishMsg(ctx, &nats.Msg{Subject: eventlog.ConversationSubject("c"), Data: payload},
			jetstream.WithExpectLastSequencePerSubject(last))
		if err != nil {
			b.Fatal(err)
		}
		last = ack.Sequence
	}
}

// many is how many callers there are at once.
const many = 64

// BenchmarkAppendMany has 64 callers, each with a conversation of its own. They share batches.
func BenchmarkAppendMany(b *testing.B) {
	log := logtest.New(b, "intake")
	together(b, func(id string) func() error {
		last := uint64(0)
		return func() error {
			entry, err := log.Append(b.Context(), logtest.Joined(id), last)
			last = entry.Position
			return err
		}
	})
}

// BenchmarkConditionalPublishMany has 64 callers of the log itself, who share nothing.
func BenchmarkConditionalPublishMany(b *testing.B) {
	nc := logtest.Connect(b, logtest.Server(b))
	logtest.NewKeys(b).Open(b, nc, 1, "intake")
	js, payload := logtest.JetStream(b, nc), make([]byte, 330)
	together(b, func(id string) func() error {
		last := uint64(0)
		return func() error {
			ack, err := js.PublishMsg(b.Context(), &nats.Msg{Subject: eventlog.ConversationSubject(id), Data: payload},
				jetstream.WithExpectLastSequencePerSubject(last))
			if err == nil {
				last = ack.Sequence
			}
			return err
		}
	})
}

// together makes calls of many callers at once.
func together(b *testing.B, caller func(id string) func() error) {
	b.SetParallelism(many / runtime.GOMAXPROCS(0))
	var callers atomic.Int32
	b.RunParallel(func(pb *testing.PB) {
		call := caller(fmt.Sprintf("c%d", callers.Add(1)))
		for pb.Next() {
			if err := call(); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkFollow reads a log of three thousand commits and verifies every signature, like a
// process that did not write them.
func BenchmarkFollow(b *testing.B) {
	const entries = 3000
	keys, nc := logtest.NewKeys(b), logtest.Connect(b, logtest.Server(b))
	fillFast(b, keys.Open(b, nc, 1, "intake"), entries)
	for b.Loop() {
		read(b, keys.Again(b).Open(b, nc, 1, "audit"), entries)
	}
	b.ReportMetric(float64(entries*b.N)/b.Elapsed().Seconds(), "entries/s")
}

func fillFast(b *testing.B, log *eventlog.Log, n int) {
	b.Helper()
	for i := range n {
		if _, err := log.Append(b.Context(), logtest.Joined(fmt.Sprintf("c%d", i)), 0); err != nil {
			b.Fatal(err)
		}
	}
}

func read(b *testing.B, log *eventlog.Log, entries uint64) {
	b.Helper()
	done := errors.New("done")
	err := log.Follow(b.Context(), 0, func(batch []eventlog.Entry) error {
		if batch[len(batch)-1].Position >= entries {
			return done
		}
		return nil
	})
	if !errors.Is(err, done) {
		b.Fatal(err)
	}
}
