package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/services/measure"
)

// raw is plain JetStream, configured like Stafett's log.
type raw struct {
	server    *server.Server
	nc        *nats.Conn
	js        jetstream.JetStream
	next      atomic.Int64
	consuming jetstream.ConsumeContext
	mu        sync.Mutex
	delivery  map[string]chan<- struct{} // by subject of the message that is awaited
}

const (
	rawStream       = "RAW"
	deliveredStream = "DELIVERED" // a consumer receives all of it
)

func openRaw(folder string) (*raw, error) {
	embedded, err := measure.StartServer(folder, true)
	if err != nil {
		return nil, err
	}
	nc, err := nats.Connect("", nats.InProcessServer(embedded))
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	r := &raw{server: embedded, nc: nc, js: js, delivery: map[string]chan<- struct{}{}}
	return r, errors.Join(r.create(rawStream, "raw.*"), r.create(deliveredStream, "delivered.*"), r.consume())
}

func (r *raw) create(name, subjects string) error {
	_, err := r.js.CreateStream(context.Background(), jetstream.StreamConfig{
		Name: name, Subjects: []string{subjects}, Storage: jetstream.FileStorage,
		DenyDelete: true, DenyPurge: true, Discard: jetstream.DiscardNew,
	})
	return err
}

func (r *raw) close() {
	r.consuming.Stop()
	r.nc.Close()
	r.server.Shutdown()
	r.server.WaitForShutdown()
}

// payload has the size of a typical commit.
var payload = make([]byte, 330)

// caller returns a function that publishes to its own subject, each time on the condition
// that its previous publish is still the subject's newest, with headers like Stafett's.
func (r *raw) caller() call { return r.appender(rawStream, fmt.Sprintf("raw.%d", r.next.Add(1))) }

func (r *raw) appender(stream, subject string) call {
	var last uint64
	return func(ctx context.Context) error {
		message := &nats.Msg{Subject: subject, Data: payload, Header: nats.Header{
			"ce-id": {uuid.NewString()}, "ce-type": {"org.stafett.append.v1"}, "ce-source": {"/services/raw"},
			"ce-time": {time.Now().Format(time.RFC3339Nano)}, "ce-specversion": {"1.0"},
		}}
		ack, err := r.js.PublishMsg(ctx, message, jetstream.WithMsgID(message.Header.Get("ce-id")),
			jetstream.WithExpectStream(stream), jetstream.WithExpectLastSequencePerSubject(last))
		if err == nil {
			last = ack.Sequence
		}
		return err
	}
}

// consume notes what is delivered.
func (r *raw) consume() error {
	consumer, err := r.js.OrderedConsumer(context.Background(), deliveredStream, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return err
	}
	r.consuming, err = consumer.Consume(func(m jetstream.Msg) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if arrived := r.delivery[m.Subject()]; arrived != nil {
			arrived <- struct{}{}
		}
	})
	return err
}

// delivered appends three messages, one after another, and ends when the third was delivered.
func (r *raw) delivered(ctx context.Context) error {
	const times = 3
	subject, arrived := fmt.Sprintf("delivered.%d", r.next.Add(1)), make(chan struct{}, times)
	r.await(subject, arrived)
	defer r.await(subject, nil)
	appendOnce := r.appender(deliveredStream, subject)
	for range times {
		if err := appendOnce(ctx); err != nil {
			return err
		}
	}
	for range times {
		<-arrived
	}
	return nil
}

func (r *raw) await(subject string, arrived chan<- struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if arrived == nil {
		delete(r.delivery, subject)
		return
	}
	r.delivery[subject] = arrived
}

func (r *raw) read(ctx context.Context, count int) error {
	return measure.Plain(ctx, r.js, rawStream, int64(count))
}
