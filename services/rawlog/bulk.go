package rawlog

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/pkg/verify"
)

const (
	// ahead is how many messages may be under way, and portion how many are requested at a time.
	ahead   = 1000
	portion = ahead / 2
)

// bulk passes messages on from a consumer, which costs a tenth of single requests, and returns
// the position after the last one. It ends early, without an error, where the consumer does not
// deliver the next position: only a request for that position tells whether it is missing.
//
// A consumer may see messages that are not synced yet. The last one is therefore requested
// first: the leader answers once it has recorded all up to there.
func (s *Stream) bulk(ctx context.Context, from, to int64, each func(int64, verify.Message) error) (next int64, err error) {
	if last, err := s.some(ctx, to, 1); err != nil || !last[0].there {
		return from, err
	}
	c, err := s.consume(ctx, from)
	if err != nil {
		s.noBulk.Store(ctx.Err() == nil)
		return from, ctx.Err()
	}
	defer c.close()
	for next = from; next <= to; next++ {
		position, m, err := c.next(to - next)
		if err != nil || position != next {
			return next, ctx.Err()
		}
		if err := each(position, m); err != nil {
			return next, err
		}
	}
	return next, nil
}

// consumer delivers messages in order, through a connection of its own.
type consumer struct {
	nc       *nats.Conn
	arriving *nats.Subscription
	request  string // the subject on which messages are requested
	asked    int64  // messages that are under way
	close    func()
}

func (s *Stream) consume(ctx context.Context, from int64) (*consumer, error) {
	js, err := jetstream.New(s.nc)
	if err != nil {
		return nil, err
	}
	nc, err := connectUnparsed(s.nc)
	if err != nil {
		return nil, err
	}
	arriving, err := nc.SubscribeSync(nc.NewInbox())
	if err != nil {
		nc.Close()
		return nil, err
	}
	made, err := js.CreateConsumer(ctx, s.name, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: uint64(from), AckPolicy: jetstream.AckNonePolicy,
		MemoryStorage: true, Replicas: 1, InactiveThreshold: 2 * answerWithin,
	})
	if err != nil {
		nc.Close()
		return nil, err
	}
	name := s.name + "." + made.CachedInfo().Name
	stop := context.AfterFunc(ctx, nc.Close)
	return &consumer{nc: nc, arriving: arriving, request: "$JS.API.CONSUMER.MSG.NEXT." + name, close: func() {
		stop()
		nc.Close()
		// If this fails, the server removes the consumer by itself.
		_ = s.nc.Publish("$JS.API.CONSUMER.DELETE."+name, nil)
	}}, nil
}

// next waits for a message. The server is asked for up to more after it.
func (c *consumer) next(more int64) (position int64, m verify.Message, err error) {
	if c.asked <= portion && c.asked <= more {
		count := min(more+1-c.asked, portion)
		request := fmt.Appendf(nil, `{"batch":%d,"no_wait":true}`, count)
		if err := c.nc.PublishRequest(c.request, c.arriving.Subject, request); err != nil {
			return 0, m, err
		}
		c.asked += count
	}
	c.asked--
	arrived, err := c.arriving.NextMsg(answerWithin)
	if err != nil {
		return 0, m, err
	}
	return split(arrived)
}

// split separates a message from its header.
func split(arrived *nats.Msg) (position int64, m verify.Message, err error) {
	header := 0
	if mark, reply, _ := strings.Cut(arrived.Reply, "."); strings.HasPrefix(mark, headerMark) {
		arrived.Reply = reply
		if header, err = strconv.Atoi(strings.TrimPrefix(mark, headerMark)); err != nil || header > len(arrived.Data) {
			return 0, m, fmt.Errorf("a message has %q for the length of its header", mark)
		}
	}
	// What is not from the stream says why nothing is.
	meta, err := arrived.Metadata()
	if err != nil {
		return 0, m, err
	}
	m = verify.Message{Subject: arrived.Subject, Header: arrived.Data[:header:header], Payload: arrived.Data[header:]}
	return int64(meta.Sequence.Stream), m, nil
}
