package eventlog

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// Append writes a commit, provided that its subject's last position is still the expected one;
// 0 is a subject without commits. It never writes what a reader would refuse, because that
// would stop every reader permanently. Errors: ErrConflict, ErrUnknown; with ErrUnknown also
// ErrBroken.
func (l *Log) Append(ctx context.Context, a *eventv1.Commit, expected uint64) (Entry, error) {
	message, err := l.message(a, expected)
	if err != nil {
		return Entry{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	if err := l.continued(ctx); err != nil {
		return Entry{}, err
	}
	before, _, _ := l.continuity.newest()
	ack, err := l.publish(ctx, message, expected)
	if err != nil {
		return Entry{}, appendError(err)
	}
	if ack.Sequence <= before && !ack.Duplicate {
		return Entry{}, fmt.Errorf("%w: %w", ErrUnknown, l.continuity.breaks("position %d, which it had, was given away again as %d", before, ack.Sequence))
	}
	entry := Entry{Position: ack.Sequence, Commit: a, Payload: message.Data, Hash: sha256.Sum256(message.Data)}
	l.continuity.seen(entry)
	return entry, nil
}

// publish sends a message by itself where the stream takes no batches.
func (l *Log) publish(ctx context.Context, message *nats.Msg, expected uint64) (*jetstream.PubAck, error) {
	if l.inBatches {
		return l.writer.publish(ctx, l.js, message, expected)
	}
	return l.js.PublishMsg(ctx, message)
}

// message makes the signed message of a commit, with its condition.
func (l *Log) message(a *eventv1.Commit, expected uint64) (*nats.Msg, error) {
	a.Service = l.key.Service()
	if err := l.kind.admits(a); err != nil {
		return nil, fmt.Errorf("append on %s: %w", a.Subject, err)
	}
	payload, err := proto.Marshal(a)
	if err != nil {
		return nil, err
	}
	if len(payload) > MaxPayload {
		return nil, fmt.Errorf("a commit of %d bytes is larger than %d", len(payload), MaxPayload)
	}
	all := header(a, l.keyring.Sign(l.key, a.Subject, payload))
	all[jetstream.MsgIDHeader] = []string{a.Id}
	all[jetstream.ExpectedStreamHeader] = []string{l.kind.name}
	all[jetstream.ExpectedLastSubjSeqHeader] = []string{strconv.FormatUint(expected, 10)}
	return &nats.Msg{Subject: a.Subject, Data: payload, Header: all}, nil
}

// appendError tells a conflict from an unknown outcome. One replica answers a conflict with
// 10071, several usually with 10164.
func appendError(err error) error {
	if errors.Is(err, ErrConflict) {
		return err
	}
	var api *jetstream.APIError
	if !errors.As(err, &api) {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	if api.ErrorCode == 10071 || api.ErrorCode == 10164 {
		return fmt.Errorf("%w: %w", ErrConflict, err)
	}
	return err
}
