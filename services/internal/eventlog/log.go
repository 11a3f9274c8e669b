package eventlog

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/services/internal/signing"
	"github.com/stafett/stafett/services/rawlog"
)

// ErrConflict: the subject has newer commits. Catch up, then decide again.
var ErrConflict = errors.New("the subject has newer commits")

// ErrUnknown: the log did not answer, and may or may not have the commit. Look for it in the
// subject's tail before trying again.
var ErrUnknown = errors.New("the log did not answer")

// ErrNotFound: the log has no commit at the position.
var ErrNotFound = errors.New("the log has no such position")

// answerWithin is how long the log may take. A child is waiting.
const answerWithin = 3 * time.Second

// Log is a connection to a stream.
type Log struct {
	kind   kind
	js     jetstream.JetStream
	stream jetstream.Stream
	// inBatches reports whether the stream accepts batches.
	inBatches bool
	keyring   *signing.Keyring
	key       *signing.Key

	continuity *continuity
	marks      *marks
	vouching   *vouching
	reader     *Reader
	writer     *Writer
	writable   func() error    // nil: always
	observe    func(time.Time) // nil: nobody hears the times of commits
}

// Open connects to the history, creating its stream if necessary. It fails on a stream whose
// settings could lose messages, and on one that has lost some. The key signs commits; it is
// nil for a service that only reads.
func Open(ctx context.Context, nc *nats.Conn, replicas int, keyring *signing.Keyring, key *signing.Key) (*Log, error) {
	return history.open(ctx, nc, replicas, keyring, key)
}

// OpenAccess connects to the access log in the same way.
func OpenAccess(ctx context.Context, nc *nats.Conn, replicas int, keyring *signing.Keyring, key *signing.Key) (*Log, error) {
	return access.open(ctx, nc, replicas, keyring, key)
}

// OpenIntegrity connects to the integrity status of the history, in the same way.
func OpenIntegrity(ctx context.Context, nc *nats.Conn, replicas int, keyring *signing.Keyring, key *signing.Key) (*Log, error) {
	return integrity.open(ctx, nc, replicas, keyring, key)
}

func (k kind) open(ctx context.Context, nc *nats.Conn, replicas int, keyring *signing.Keyring, key *signing.Key) (*Log, error) {
	js, stream, err := Stream(ctx, nc, k.config(replicas))
	if err != nil {
		return nil, err
	}
	return &Log{
		kind: k, js: js, stream: stream, keyring: keyring, key: key, continuity: &continuity{reconnects: nc.Stats().Reconnects}, marks: newMarks(), vouching: newVouching(),
		inBatches: stream.CachedInfo().Config.AllowAtomicPublish, reader: &Reader{}, writer: &Writer{},
	}, nil
}

// While returns the same log for a writer that may commit only while writable returns nil.
func (l *Log) While(writable func() error) *Log {
	limited := *l
	limited.writable = writable
	return &limited
}

// Writable returns why nothing may be committed now. Ask before storing what a commit refers
// to.
func (l *Log) Writable() error {
	if err := l.unvouched(); err != nil || l.writable == nil {
		return err
	}
	return l.writable()
}

// Tail reads the commits of one subject after a position, in order. It asks the stream's
// leader, so it sees everything that was acknowledged.
func (l *Log) Tail(ctx context.Context, subject string, after uint64) ([]Entry, error) {
	return l.some(ctx, subject, Range{After: after, Until: math.MaxUint64, Most: math.MaxInt})
}

// At reads the commit at a position. Errors: ErrNotFound, ErrUnknown.
func (l *Log) At(ctx context.Context, position uint64) (Entry, error) {
	return l.get(ctx, position)
}

func (l *Log) get(ctx context.Context, position uint64, options ...jetstream.GetMsgOpt) (Entry, error) {
	if err := l.continued(ctx); err != nil {
		return Entry{}, err
	}
	return l.read(ctx, position, options...)
}

// read reads a commit from whatever log is there.
func (l *Log) read(ctx context.Context, position uint64, options ...jetstream.GetMsgOpt) (Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	raw, err := l.stream.GetMsg(ctx, position, options...)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return Entry{}, fmt.Errorf("%w: %d", ErrNotFound, position)
	}
	if err != nil {
		return Entry{}, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return l.decode(raw.Subject, raw.Sequence, raw.Header, raw.Data)
}

// Stored reads the log byte for byte, without verifying it.
func (l *Log) Stored() *rawlog.Stream { return rawlog.New(l.js.Conn(), l.kind.name) }

// Last is the position of the newest commit; 0 if there is none.
func (l *Log) Last(ctx context.Context) (uint64, error) {
	info, err := l.info(ctx)
	if err != nil {
		return 0, err
	}
	return info.State.LastSeq, nil
}

// info asks the nats-server about the stream. Errors: ErrUnknown.
func (l *Log) info(ctx context.Context) (*jetstream.StreamInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	info, err := l.stream.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return info, nil
}
