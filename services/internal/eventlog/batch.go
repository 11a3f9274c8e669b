package eventlog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The headers of a message that was stored with others, as one atomic batch. They stay in the
// log for good.
const (
	batchID       = "Nats-Batch-Id"
	batchSequence = "Nats-Batch-Sequence"
	batchCommit   = "Nats-Batch-Commit"
)

// sendBatch sends messages as one atomic batch and returns the acknowledgement of each. After a
// *jetstream.APIError, nothing is stored; after any other error, all or nothing may be.
func sendBatch(nc *nats.Conn, group []*publishing) ([]*jetstream.PubAck, error) {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	id, last := uuid.NewString(), len(group)-1
	for i, one := range group[:last] {
		if err := nc.PublishMsg(inBatch(one.message, id, i+1)); err != nil {
			return nil, err
		}
	}
	end := inBatch(group[last].message, id, len(group))
	end.Header[batchCommit] = []string{"1"}
	answer, err := nc.RequestMsgWithContext(ctx, end)
	if err != nil {
		return nil, err
	}
	return batchAcks(answer.Data, len(group))
}

// inBatch returns a message as the nth of a batch.
func inBatch(message *nats.Msg, id string, n int) *nats.Msg {
	all := maps.Clone(message.Header)
	all[batchID], all[batchSequence] = []string{id}, []string{strconv.Itoa(n)}
	return &nats.Msg{Subject: message.Subject, Data: message.Data, Header: all}
}

// batchAcks reads the answer to a batch. The log gives its messages consecutive positions and
// names the last one.
func batchAcks(answer []byte, count int) ([]*jetstream.PubAck, error) {
	var ack struct {
		Error    *jetstream.APIError `json:"error"`
		Sequence uint64              `json:"seq"`
		Count    int                 `json:"count"`
	}
	if err := json.Unmarshal(answer, &ack); err != nil {
		return nil, fmt.Errorf("the answer to a batch is not JSON: %w", err)
	}
	if ack.Error != nil {
		return nil, ack.Error
	}
	if ack.Count != count || ack.Sequence < uint64(count) {
		return nil, fmt.Errorf("the log acknowledged %d commits of a batch of %d", ack.Count, count)
	}
	acks := make([]*jetstream.PubAck, count)
	for i := range acks {
		acks[i] = &jetstream.PubAck{Sequence: ack.Sequence - uint64(count-1-i)}
	}
	return acks, nil
}

// synced returns once the newest entry of those that the log delivered is synced. The log delivers
// the commits of a batch before it syncs them, but it answers no read by position meanwhile; a
// power cut may take them away until then.
func (l *Log) synced(ctx context.Context, newest Entry) error {
	if newest.batched {
		_, err := backoff.Retry(ctx, func() (Entry, error) {
			entry, err := l.read(ctx, newest.Position)
			if err != nil && !errors.Is(err, ErrUnknown) {
				err = backoff.Permanent(err)
			}
			return entry, err
		}, backoff.WithBackOff(backoff.NewConstantBackOff(100*time.Millisecond)), backoff.WithMaxElapsedTime(0))
		if err != nil {
			return fmt.Errorf("position %d, which the log delivered: %w", newest.Position, err)
		}
	}
	l.continuity.seen(newest)
	return nil
}
