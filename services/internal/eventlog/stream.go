package eventlog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Name of the stream of the history.
const Name = "STAFETT"

// MaxPayload is the largest append in bytes: with its headers it must fit into an
// entry of a tile (verify.MaxEntry). Content is not in the log, so nothing comes
// near it.
const MaxPayload = 56 << 10

// Config is the stream of the history as it must be. Replicas is 1 embedded and 3
// in a cluster.
//
// Everything that could let go of a message is off. Direct reads are off because
// on replicas they may be older than what was just acknowledged.
func Config(replicas int) jetstream.StreamConfig { return history.config(replicas) }

func (k kind) config(replicas int) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:        k.name,
		Description: k.description,
		Subjects:    k.subjects,
		Storage:     jetstream.FileStorage,
		Retention:   jetstream.LimitsPolicy,
		Discard:     jetstream.DiscardNew,
		Replicas:    replicas,
		MaxMsgs:     -1, MaxBytes: -1, MaxMsgsPerSubject: -1, MaxConsumers: -1,
		MaxMsgSize: MaxPayload,
		Duplicates: 2 * time.Minute,
		DenyDelete: true, DenyPurge: true,
	}
}

// Stream makes the stream if there is none, and refuses one that is set up
// otherwise: with other settings it could lose what it acknowledged.
func Stream(ctx context.Context, nc *nats.Conn, want jetstream.StreamConfig) (jetstream.JetStream, jetstream.Stream, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, nil, err
	}
	stream, err := backoff.Retry(ctx, func() (jetstream.Stream, error) { return open(ctx, js, want) },
		backoff.WithBackOff(backoff.NewConstantBackOff(100*time.Millisecond)), backoff.WithMaxElapsedTime(patience))
	if err != nil {
		return nil, nil, fmt.Errorf("stream %s: %w", want.Name, err)
	}
	return js, stream, check(stream.CachedInfo(), want)
}

const (
	// patience is how long a cluster may take to answer, for example while it elects.
	patience = 20 * time.Second
	// unanswered is how long one request waits: a cluster that has no leader yet does
	// not answer at all.
	unanswered = 2 * time.Second
)

// open finds the stream or makes it. Only silence is worth another attempt.
func open(ctx context.Context, js jetstream.JetStream, want jetstream.StreamConfig) (jetstream.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, unanswered)
	defer cancel()
	stream, err := js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = js.CreateStream(ctx, want)
	}
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, backoff.Permanent(err)
	}
	return stream, err
}

// ErrUnsound: a stream is set up so that it could lose messages, or has lost some.
var ErrUnsound = errors.New("the stream is not as it must be")

// check compares what matters of the stream with what it must be, and looks for
// holes.
func check(info *jetstream.StreamInfo, want jetstream.StreamConfig) error {
	if diff := cmp.Diff(settings(want), settings(info.Config)); diff != "" {
		return fmt.Errorf("%w: %s is set up otherwise (- want, + is); correct it with the NATS tools before starting:\n%s", ErrUnsound, want.Name, diff)
	}
	state := info.State
	if state.NumDeleted != 0 || state.Msgs != state.LastSeq || state.Msgs > 0 && state.FirstSeq != 1 {
		return fmt.Errorf("%w: %s has lost messages: it has %d, from position %d to %d; restore it from a backup", ErrUnsound, want.Name, state.Msgs, state.FirstSeq, state.LastSeq)
	}
	return nil
}

// settings are the parts of a stream's configuration by which messages could be
// lost, changed or read too early, with the server's own defaults levelled.
func settings(c jetstream.StreamConfig) map[string]any {
	return map[string]any{
		"subjects": c.Subjects, "storage": c.Storage, "retention": c.Retention,
		"replicas": c.Replicas, "discard": c.Discard, "max_age": c.MaxAge,
		"max_msgs": c.MaxMsgs, "max_bytes": c.MaxBytes, "max_msgs_per_subject": c.MaxMsgsPerSubject,
		"deny_delete": c.DenyDelete, "deny_purge": c.DenyPurge, "sealed": c.Sealed,
		"allow_rollup": c.AllowRollup, "allow_direct": c.AllowDirect, "compression": c.Compression,
		"allow_msg_ttl": c.AllowMsgTTL, "no_ack": c.NoAck, "persist_mode": c.PersistMode,
		"mirror": c.Mirror != nil, "sources": len(c.Sources), "transform": c.SubjectTransform != nil,
	}
}
