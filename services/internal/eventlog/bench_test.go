package eventlog_test

import (
	"errors"
	"fmt"
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
