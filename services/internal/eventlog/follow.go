package eventlog

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// readAhead is how many messages are fetched in advance.
const readAhead = 1000

// heartbeat is the interval of the server's heartbeats. A lost request is noticed after two
// missing heartbeats.
const heartbeat = 500 * time.Millisecond

// Follow reads the whole log after a position, unfiltered and in order, in batches of at most
// readAhead. It waits for more until the context ends. A gap is an error.
func (l *Log) Follow(ctx context.Context, after uint64, each func([]Entry) error) error {
	consumer, err := l.js.OrderedConsumer(ctx, l.kind.name, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: after + 1,
	})
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(readAhead), jetstream.PullHeartbeat(heartbeat))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	context.AfterFunc(ctx, messages.Stop)
	arrived := make(chan jetstream.Msg, readAhead)
	go receive(ctx, cancel, messages, arrived)
	return l.batches(ctx, after, arrived, each)
}

// receive passes messages on until the context ends or the log fails.
func receive(ctx context.Context, cancel context.CancelCauseFunc, messages jetstream.MessagesContext, arrived chan<- jetstream.Msg) {
	for {
		message, err := messages.Next()
		if err != nil {
			cancel(err)
			return
		}
		select {
		case arrived <- message:
		case <-ctx.Done():
			return
		}
	}
}

func (l *Log) batches(ctx context.Context, last uint64, arrived <-chan jetstream.Msg, each func([]Entry) error) error {
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case message := <-arrived:
			batch, err := l.drain(last, message, arrived)
			if err == nil {
				err = l.synced(ctx, batch[len(batch)-1])
			}
			if err != nil {
				return err
			}
			if err := each(batch); err != nil {
				return err
			}
			last = batch[len(batch)-1].Position
		}
	}
}

// drain batches a message and those that have arrived behind it.
func (l *Log) drain(last uint64, message jetstream.Msg, arrived <-chan jetstream.Msg) (batch []Entry, err error) {
	for {
		entry, err := l.receivedAfter(last, message)
		if err != nil {
			return nil, err
		}
		batch, last = append(batch, entry), entry.Position
		if len(batch) == readAhead {
			return batch, nil
		}
		select {
		case message = <-arrived:
		default:
			return batch, nil
		}
	}
}

func (l *Log) receivedAfter(last uint64, message jetstream.Msg) (Entry, error) {
	meta, err := message.Metadata()
	if err != nil {
		return Entry{}, err
	}
	if position := meta.Sequence.Stream; position != last+1 {
		return Entry{}, fmt.Errorf("the log jumps from position %d to %d: it has a gap", last, position)
	}
	return l.decode(message.Subject(), meta.Sequence.Stream, message.Headers(), message.Data())
}
