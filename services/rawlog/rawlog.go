// Package rawlog reads the log's stream byte for byte, with nothing but a connection to NATS:
// no key, and no trust in what it reads. NATS's client parses headers, and the order of their
// lines is lost. So a few messages are requested by position, in answers that have the header
// as stored, and many are read through a connection that keeps headers from the client.
//
// Only the stream's leader tells that a message is missing.
//
// It is public for auditors' tools, which verify the log without the services.
package rawlog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// ErrNotFound: the stream does not have a message at the position.
var ErrNotFound = errors.New("the stream does not have it, or cannot read it")

const (
	// many messages are read in bulk.
	many = 200
	// atOnce is how many messages are requested before the first answer is needed.
	atOnce = 128
	// answerWithin is how long the stream may take for that many.
	answerWithin = 5 * time.Second
	// attempts is how often a message is requested before it counts as missing, and pause the
	// delay after each.
	attempts = 3
	pause    = 100 * time.Millisecond
)

// Stream is a stream of a nats-server.
type Stream struct {
	nc   *nats.Conn
	name string
	api  string // the prefix of what is requested
	// noBulk: this connection may not do what bulk needs.
	noBulk atomic.Bool
}

// New returns the stream of a name.
func New(nc *nats.Conn, name string) *Stream {
	return &Stream{nc: nc, name: name, api: "$JS.API"}
}

// NewImported returns the stream for an account that imports two of JetStream's requests under a
// prefix: information about the stream, and one message by its position.
func NewImported(nc *nats.Conn, prefix, name string) *Stream {
	s := &Stream{nc: nc, name: name, api: prefix}
	s.noBulk.Store(true)
	return s
}

// Last is the position of the stream's newest message; 0 if it has none.
func (s *Stream) Last(ctx context.Context) (int64, error) {
	state, err := s.state(ctx)
	return state.Last, err
}

// Begun is when the stream's first message was stored.
func (s *Stream) Begun(ctx context.Context) (time.Time, error) {
	state, err := s.state(ctx)
	return state.Begun, err
}

// state is what nats-server says about a stream.
type state struct {
	Last  int64     `json:"last_seq"`
	Begun time.Time `json:"first_ts"`
}

func (s *Stream) state(ctx context.Context) (state, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	answer, err := s.nc.RequestWithContext(ctx, s.api+".STREAM.INFO."+s.name, nil)
	if err != nil {
		return state{}, fmt.Errorf("stream %s does not answer: %w", s.name, err)
	}
	var info struct {
		Error *apiError `json:"error"`
		State state     `json:"state"`
	}
	if err := json.Unmarshal(answer.Data, &info); err != nil {
		return state{}, err
	}
	if info.Error != nil {
		return state{}, fmt.Errorf("stream %s: %s", s.name, info.Error.Description)
	}
	return info.State, nil
}

// Read passes the messages between two positions to each, both included, in order. Errors:
// ErrNotFound.
func (s *Stream) Read(ctx context.Context, from, to int64, each func(position int64, m verify.Message) error) (err error) {
	for from <= to {
		next := from
		if to-from >= many && !s.noBulk.Load() {
			next, err = s.bulk(ctx, from, to, each)
		}
		if next == from && err == nil {
			next = min(to+1, from+atOnce)
			err = s.single(ctx, from, next-from, each)
		}
		if err != nil {
			return err
		}
		from = next
	}
	return nil
}

// single requests messages one by one.
func (s *Stream) single(ctx context.Context, from, count int64, each func(position int64, m verify.Message) error) error {
	some, err := s.patiently(ctx, from, count)
	if err != nil {
		return err
	}
	for i, f := range some {
		position := from + int64(i)
		if !f.there {
			return fmt.Errorf("position %d: %w", position, ErrNotFound)
		}
		if err := each(position, f.message); err != nil {
			return err
		}
	}
	return nil
}

// Bundle returns the bundle of entries under a tile of leaves, or as much of it as the stream
// has. Errors: ErrNotFound.
func (s *Stream) Bundle(ctx context.Context, t tlog.Tile) (bundle []byte, err error) {
	first := t.N * verify.TileWidth
	err = s.Read(ctx, first+1, first+int64(t.W), func(_ int64, m verify.Message) (err error) {
		bundle, err = verify.AppendToBundle(bundle, m.Entry())
		return err
	})
	return bundle, err
}

// patiently retries missing messages: the server gives the same answer when it only cannot
// read its disk at the moment.
func (s *Stream) patiently(ctx context.Context, from, count int64) (some []found, err error) {
	for range attempts {
		some, err = s.some(ctx, from, count)
		if err != nil || !slices.ContainsFunc(some, func(f found) bool { return !f.there }) {
			return some, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
	return some, nil
}

// some requests several messages at once and waits for all the answers.
func (s *Stream) some(ctx context.Context, from, count int64) ([]found, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	inbox := s.nc.NewInbox()
	subscription, err := s.nc.SubscribeSync(inbox)
	if err != nil {
		return nil, err
	}
	defer subscription.Unsubscribe()
	ask := s.api + ".STREAM.MSG.GET." + s.name
	for position := from; position < from+count; position++ {
		if err := s.nc.PublishRequest(ask, inbox, fmt.Appendf(nil, `{"seq":%d}`, position)); err != nil {
			return nil, err
		}
	}
	return s.collect(ctx, subscription, from, count)
}

// found is a message, if there is one.
type found struct {
	message verify.Message
	there   bool
}

func (s *Stream) collect(ctx context.Context, subscription *nats.Subscription, from, count int64) ([]found, error) {
	all := make([]found, count)
	for range all {
		reply, err := subscription.NextMsgWithContext(ctx)
		if err != nil {
			return nil, fmt.Errorf("stream %s does not answer for positions %d to %d: %w", s.name, from, from+count-1, err)
		}
		position, m, err := decode(reply.Data)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("stream %s: %w", s.name, err)
		}
		if position < from || position >= from+count {
			return nil, fmt.Errorf("stream %s answered with position %d, which was not asked for", s.name, position)
		}
		all[position-from] = found{m, true}
	}
	return all, nil
}
