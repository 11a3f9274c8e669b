package eventlog_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

func TestAWrongSettingStopsOpen(t *testing.T) {
	cases := []struct {
		setting string
		wrong   func(*jetstream.StreamConfig)
	}{
		{"max_age", func(c *jetstream.StreamConfig) { c.MaxAge = time.Hour }},
		{"max_msgs", func(c *jetstream.StreamConfig) { c.MaxMsgs = 1000 }},
		{"max_bytes", func(c *jetstream.StreamConfig) { c.MaxBytes = 1 << 30 }},
		{"max_msgs_per_subject", func(c *jetstream.StreamConfig) { c.MaxMsgsPerSubject = 10 }},
		{"allow_direct", func(c *jetstream.StreamConfig) { c.AllowDirect = true }},
		{"retention", func(c *jetstream.StreamConfig) { c.Retention = jetstream.WorkQueuePolicy }},
		{"discard", func(c *jetstream.StreamConfig) { c.Discard = jetstream.DiscardOld }},
		{"deny_delete", func(c *jetstream.StreamConfig) { c.DenyDelete = false }},
		{"deny_purge", func(c *jetstream.StreamConfig) { c.DenyPurge = false }},
		{"compression", func(c *jetstream.StreamConfig) { c.Compression = jetstream.S2Compression }},
		{"storage", func(c *jetstream.StreamConfig) { c.Storage = jetstream.MemoryStorage }},
		{"allow_rollup", func(c *jetstream.StreamConfig) { c.AllowRollup, c.DenyPurge = true, false }},
		{"allow_msg_ttl", func(c *jetstream.StreamConfig) { c.AllowMsgTTL = true }},
		{"no_ack", func(c *jetstream.StreamConfig) { c.NoAck = true }},
		{"persist_mode", func(c *jetstream.StreamConfig) {
			c.PersistMode, c.AllowAtomicPublish = jetstream.AsyncPersistMode, false
		}},
		{"stafett.extra", func(c *jetstream.StreamConfig) { c.Subjects = append(c.Subjects, "stafett.extra") }},
		{"stafett.line.*", func(c *jetstream.StreamConfig) { c.Subjects = c.Subjects[:1] }},
		{"transform", func(c *jetstream.StreamConfig) {
			c.SubjectTransform = &jetstream.SubjectTransformConfig{Source: "stafett.line.*", Destination: "moved.{{wildcard(1)}}"}
		}},
	}
	for _, c := range cases {
		t.Run(c.setting, func(t *testing.T) {
			nc := logtest.Connect(t, logtest.Server(t))
			config := eventlog.Config(1)
			c.wrong(&config)
			if _, err := logtest.JetStream(t, nc).CreateStream(logtest.Context(t), config); err != nil {
				t.Fatal(err)
			}
			refusesToOpen(t, nc, 1, changed(c.setting))
		})
	}
}

// changed is how the message shows a setting that differs.
func changed(setting string) func(message string) bool {
	return func(message string) bool {
		for line := range strings.Lines(message) {
			if (line[0] == '-' || line[0] == '+') && strings.Contains(line, fmt.Sprintf("%q", setting)) {
				return true
			}
		}
		return false
	}
}

func refusesToOpen(t *testing.T, nc *nats.Conn, replicas int, says func(string) bool) {
	t.Helper()
	keys := logtest.NewKeys(t)
	_, err := eventlog.Open(logtest.Context(t), nc, replicas, keys.Ring, keys.Of(t, "intake"))
	if err == nil {
		t.Fatal("the log was opened")
	}
	if !says(err.Error()) {
		t.Errorf("the message does not tell what is wrong: %v", err)
	}
}

func TestWrongReplicasStopOpen(t *testing.T) {
	t.Parallel()
	nc := logtest.Connect(t, logtest.Cluster(t)[0])
	if _, err := logtest.JetStream(t, nc).CreateStream(logtest.Context(t), eventlog.Config(1)); err != nil {
		t.Fatal(err)
	}
	refusesToOpen(t, nc, 3, changed("replicas"))
}

func TestOpenTakesTheStreamThatItMade(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, replicas int, connections []*nats.Conn) {
		keys := logtest.NewKeys(t)
		logtest.MustAppend(t, keys.Open(t, connections[0], replicas, "intake"), logtest.Joined("c"), 0)
		again := keys.Open(t, connections[len(connections)-1], replicas, "routing")
		if last, err := again.Last(logtest.Context(t)); err != nil || last != 1 {
			t.Errorf("opened again, the log ends at %d, %v, want 1", last, err)
		}
	})
}

// TestDeletedMessagesStopOpen deletes while the stream allows it, and then restores the
// required settings.
func TestDeletedMessagesStopOpen(t *testing.T) {
	for name, position := range map[string]uint64{"first": 1, "middle": 2, "last": 3} {
		t.Run(name, func(t *testing.T) {
			nc := logtest.Connect(t, logtest.Server(t))
			js, ctx := logtest.JetStream(t, nc), logtest.Context(t)
			open := eventlog.Config(1)
			open.DenyDelete = false
			stream, err := js.CreateStream(ctx, open)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if _, err := js.Publish(ctx, "stafett.conversation.c", []byte("x")); err != nil {
					t.Fatal(err)
				}
			}
			if err := stream.DeleteMsg(ctx, position); err != nil {
				t.Fatal(err)
			}
			if _, err := js.UpdateStream(ctx, eventlog.Config(1)); err != nil {
				t.Fatal(err)
			}
			refusesToOpen(t, nc, 1, func(message string) bool { return strings.Contains(message, "has lost messages") })
		})
	}
}

// TestTheStreamLetsNothingGo: the server enforces what the settings promise.
func TestTheStreamLetsNothingGo(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	log := logtest.NewKeys(t).Open(t, nc, 1, "intake")
	logtest.MustAppend(t, log, logtest.Joined("c"), 0)
	ctx := logtest.Context(t)
	stream, err := logtest.JetStream(t, nc).Stream(ctx, eventlog.Name)
	if err != nil {
		t.Fatal(err)
	}
	if stream.DeleteMsg(ctx, 1) == nil || stream.SecureDeleteMsg(ctx, 1) == nil || stream.Purge(ctx) == nil {
		t.Error("the stream let a message go")
	}
	if _, err := log.At(ctx, 1); err != nil {
		t.Error(err)
	}
}

// TestAStreamFromBeforeBatchesAcceptsThem: a log of the previous version shares syncs too.
func TestAStreamFromBeforeBatchesAcceptsThem(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	js, ctx := logtest.JetStream(t, nc), logtest.Context(t)
	before := eventlog.Config(1)
	before.AllowAtomicPublish = false
	if _, err := js.CreateStream(ctx, before); err != nil {
		t.Fatal(err)
	}
	log := logtest.NewKeys(t).Open(t, nc, 1, "intake")
	commitAll(t, []*eventlog.Log{log}, several(40), 4)
	if batched(t, nc, 0) == 0 {
		t.Error("no commit was stored in a batch")
	}
}
