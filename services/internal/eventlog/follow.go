package eventlog

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"
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
			batch, err := l.decodeAll(last, drain(message, arrived))
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

// drain is a message and those that have arrived behind it.
func drain(message jetstream.Msg, arrived <-chan jetstream.Msg) []jetstream.Msg {
	all := []jetstream.Msg{message}
	for len(all) < readAhead {
		select {
		case message := <-arrived:
			all = append(all, message)
		default:
			return all
		}
	}
	return all
}

// share is how many messages one processor verifies before it looks for more.
const share = 32

// decodeAll decodes messages that follow a position, on all processors.
func (l *Log) decodeAll(last uint64, messages []jetstream.Msg) ([]Entry, error) {
	batch, failed := make([]Entry, len(messages)), make([]error, len(messages))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for first := 0; first < len(messages); first += share {
		group.Go(func() error {
			for i := first; i < min(first+share, len(messages)); i++ {
				batch[i], failed[i] = l.receivedAfter(last+uint64(i), messages[i])
			}
			return nil
		})
	}
	group.Wait()
	for _, err := range failed { // the first, whoever found one first
		if err != nil {
			return nil, err
		}
	}
	return batch, nil
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
