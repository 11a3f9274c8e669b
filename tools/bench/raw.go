package main

import (
	"context"
	"fmt"
	"path/filepath"
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
	server *server.Server
	nc     *nats.Conn
	js     jetstream.JetStream
	next   atomic.Int64
}

const rawStream = "RAW"

func openRaw(data string) (*raw, error) {
	embedded, err := server.NewServer(&server.Options{
		ServerName: "raw", DontListen: true, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: filepath.Join(data, "raw"), SyncAlways: true,
	})
	if err != nil {
		return nil, err
	}
	go embedded.Start()
	if !embedded.ReadyForConnections(10 * time.Second) {
		return nil, fmt.Errorf("raw NATS did not start")
	}
	nc, err := nats.Connect("", nats.InProcessServer(embedded))
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	_, err = js.CreateStream(context.Background(), jetstream.StreamConfig{
		Name: rawStream, Subjects: []string{"raw.*"}, Storage: jetstream.FileStorage,
		DenyDelete: true, DenyPurge: true, Discard: jetstream.DiscardNew,
	})
	return &raw{server: embedded, nc: nc, js: js}, err
}

func (r *raw) close() {
	r.nc.Close()
	r.server.Shutdown()
	r.server.WaitForShutdown()
}

// payload has the size of a typical commit.
var payload = make([]byte, 330)

// caller returns a function that publishes to its own subject, each time on the condition
// that its previous publish is still the subject's newest, with headers like Stafett's.
func (r *raw) caller(string) call {
	subject := fmt.Sprintf("raw.%d", r.next.Add(1))
	var last uint64
	return func(ctx context.Context) error {
		message := &nats.Msg{Subject: subject, Data: payload, Header: nats.Header{
			"ce-id": {uuid.NewString()}, "ce-type": {"org.stafett.append.v1"}, "ce-source": {"/services/raw"},
			"ce-time": {time.Now().Format(time.RFC3339Nano)}, "ce-specversion": {"1.0"},
		}}
		ack, err := r.js.PublishMsg(ctx, message, jetstream.WithMsgID(message.Header.Get("ce-id")),
			jetstream.WithExpectStream(rawStream), jetstream.WithExpectLastSequencePerSubject(last))
		if err == nil {
			last = ack.Sequence
		}
		return err
	}
}

func (r *raw) read(ctx context.Context, count int) error {
	return measure.Plain(ctx, r.js, rawStream, int64(count))
}
