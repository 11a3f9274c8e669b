package logtest

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Recreate deletes a stream and creates it again, empty. The server removes the old files beside
// its answer, and refuses a new store until they are gone.
func Recreate(t testing.TB, js jetstream.JetStream, config jetstream.StreamConfig) jetstream.Stream {
	t.Helper()
	ctx := Context(t)
	if err := js.DeleteStream(ctx, config.Name); err != nil {
		t.Fatal(err)
	}
	for {
		stream, err := js.CreateStream(ctx, config)
		if err == nil {
			return stream
		}
		select {
		case <-ctx.Done():
			t.Fatal(err)
		case <-time.After(time.Millisecond):
		}
	}
}
