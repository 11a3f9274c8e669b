package eventlog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Name of the history's stream.
const Name = "STAFETT"

// MaxPayload is the largest commit in bytes: with its headers it must fit into an entry of a
// tile (verify.MaxEntry). The log has no content, so real commits are far smaller.
const MaxPayload = 56 << 10

// Config is the required configuration of the history's stream. Replicas is 1 embedded and 3
// in a cluster.
//
// Everything that could drop a message is off. Direct reads are off because on replicas they
// may be older than what was just acknowledged. Batches are on for one replica only: several share
// their syncs without them.
func Config(replicas int) jetstream.StreamConfig { return history.config(replicas) }

// RecoveredConfig is the configuration of a history that was opened in place of another.
func RecoveredConfig() jetstream.StreamConfig {
	c := history.config(1)
	c.Subjects = append(slices.Clone(c.Subjects), LogSubject)
	return c
}

// AccessConfig is the configuration of the access log's stream, on one replica.
func AccessConfig() jetstream.StreamConfig { return access.config(1) }

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
		AllowAtomicPublish: replicas == 1,
	}
}

// Stream creates the stream if necessary, and refuses one with other settings, which could
// lose acknowledged messages.
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
	if err := check(stream.CachedInfo(), want); err != nil {
		return js, stream, err
	}
	return js, acceptBatches(ctx, js, stream, want), nil
}

// acceptBatches lets a stream from before batches accept them. Where that is not allowed, or the
// server is too old, commits go by themselves.
func acceptBatches(ctx context.Context, js jetstream.JetStream, stream jetstream.Stream, want jetstream.StreamConfig) jetstream.Stream {
	config := stream.CachedInfo().Config
	if config.AllowAtomicPublish || !want.AllowAtomicPublish {
		return stream
	}
	ctx, cancel := context.WithTimeout(ctx, unanswered)
	defer cancel()
	config.AllowAtomicPublish = true
	if with, err := js.UpdateStream(ctx, config); err == nil {
		return with
	}
	return stream
}

const (
	// patience is how long a cluster may take to answer, for example during an election.
	patience = 20 * time.Second
	// unanswered is the timeout of one request: a cluster without a leader does not answer at
	// all.
	unanswered = 2 * time.Second
)

// open finds or creates the stream. Only a timeout is retried.
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

// ErrUnsound: a stream's settings could lose messages, or it has lost some.
var ErrUnsound = errors.New("the stream is not as required")

// check compares the stream's relevant settings with the required ones, and looks for gaps.
func check(info *jetstream.StreamInfo, want jetstream.StreamConfig) error {
	if diff := cmp.Diff(settings(want), settings(info.Config)); diff != "" {
		return fmt.Errorf("%w: %s is configured differently (- want, + is); correct it with the NATS tools before starting:\n%s", ErrUnsound, want.Name, diff)
	}
	state := info.State
	if state.NumDeleted != 0 || state.Msgs != state.LastSeq || state.Msgs > 0 && state.FirstSeq != 1 {
		return fmt.Errorf("%w: %s has lost messages: it has %d, from position %d to %d; restore it from a backup", ErrUnsound, want.Name, state.Msgs, state.FirstSeq, state.LastSeq)
	}
	return nil
}

// settings are the parts of a stream's configuration that could lose, change or expose
// messages too early, with the server's defaults filled in.
func settings(c jetstream.StreamConfig) map[string]any {
	return map[string]any{
		"subjects": slices.DeleteFunc(slices.Clone(c.Subjects), func(s string) bool { return s == LogSubject }), "storage": c.Storage, "retention": c.Retention,
		"replicas": c.Replicas, "discard": c.Discard, "max_age": c.MaxAge,
		"max_msgs": c.MaxMsgs, "max_bytes": c.MaxBytes, "max_msgs_per_subject": c.MaxMsgsPerSubject,
		"deny_delete": c.DenyDelete, "deny_purge": c.DenyPurge, "sealed": c.Sealed,
		"allow_rollup": c.AllowRollup, "allow_direct": c.AllowDirect, "compression": c.Compression,
		"allow_msg_ttl": c.AllowMsgTTL, "no_ack": c.NoAck, "persist_mode": c.PersistMode,
		"mirror": c.Mirror != nil, "sources": len(c.Sources), "transform": c.SubjectTransform != nil,
	}
}
