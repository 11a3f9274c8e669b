package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/signing"
)

// mostFollowed is the maximum length of the log that is followed. It is written commit by
// commit, which takes longer than everything else.
const mostFollowed = 50_000

// follows compares the speed of the tree that follows a log with that of reading it: with
// signatures verified, as a service does; byte for byte, as the tree does; and by a plain
// consumer that checks nothing.
func follows(ctx context.Context, out io.Writer, folder string, count int64) error {
	count = min(count, mostFollowed)
	l, err := openLog(ctx, folder, count)
	if err != nil {
		return err
	}
	defer l.close()
	ways := []struct {
		name string
		read func(context.Context, int64) error
	}{{"verifying", l.verifying}, {"byte for byte", l.bytewise}, {"plain", l.plain}}
	rates := make([]float64, len(ways))
	for i, way := range ways {
		if rates[i], err = rate(count, func() error { return way.read(ctx, count) }); err != nil {
			return err
		}
	}
	ours, err := rate(count, func() error { return l.followed(ctx, filepath.Join(folder, "audit"), count) })
	fmt.Fprintf(out, "FOLLOW %d commits, log to published checkpoint: %.0f/s\n", count, ours)
	for i, way := range ways {
		fmt.Fprintf(out, "  reading it, %s: %.0f/s, ratio %.2f\n", way.name, rates[i], ours/rates[i])
	}
	return err
}

// filled is a log with commits in it.
type filled struct {
	embedded *server.Server
	nc       *nats.Conn
	keys     string
	log      *eventlog.Log
}

func openLog(ctx context.Context, folder string, count int64) (*filled, error) {
	embedded, err := StartServer(filepath.Join(folder, "log"), false)
	if err != nil {
		return nil, err
	}
	nc, err := nats.Connect("", nats.InProcessServer(embedded))
	if err != nil {
		return nil, err
	}
	l := &filled{embedded: embedded, nc: nc, keys: filepath.Join(folder, "signing")}
	if l.log, err = l.open(ctx); err != nil {
		return nil, err
	}
	return l, l.fill(ctx, count)
}

func (l *filled) close() {
	l.nc.Close()
	l.embedded.Shutdown()
	l.embedded.WaitForShutdown()
}

// open opens the log with a ring that has not verified anything yet.
func (l *filled) open(ctx context.Context) (*eventlog.Log, error) {
	key, err := signing.OpenKey(l.keys, "intake")
	if err != nil {
		return nil, err
	}
	ring, err := signing.OpenKeyring(l.keys)
	if err != nil {
		return nil, err
	}
	return eventlog.Open(ctx, l.nc, 1, ring, key)
}

func (l *filled) fill(ctx context.Context, count int64) error {
	for i := range count {
		a := &eventv1.Commit{
			Id: uuid.NewString(), Subject: eventlog.ConversationSubject(fmt.Sprintf("%032x", i)), Number: 1,
			RecordTime: timestamppb.Now(), Caller: "spiffe://measure.test/line/first", Command: "OpenConversation",
			Events: []*eventv1.Event{event.Of(&eventv1.ParticipantJoined{Participant: "mina", Line: "first"})},
		}
		if _, err := l.log.Append(ctx, a, 0); err != nil {
			return err
		}
	}
	return nil
}

func (l *filled) verifying(ctx context.Context, count int64) error {
	log, err := l.open(ctx)
	if err != nil {
		return err
	}
	done := errors.New("done")
	err = log.Follow(ctx, 0, func(batch []eventlog.Entry) error {
		if batch[len(batch)-1].Position >= uint64(count) {
			return done
		}
		return nil
	})
	if errors.Is(err, done) {
		return nil
	}
	return err
}

func (l *filled) bytewise(ctx context.Context, count int64) error {
	return l.log.Stored().Read(ctx, 1, count, func(int64, verify.Message) error { return nil })
}

func (l *filled) plain(ctx context.Context, count int64) error {
	js, err := jetstream.New(l.nc)
	if err != nil {
		return err
	}
	return Plain(ctx, js, eventlog.Name, count)
}

// Plain reads the first messages of a stream without checking them: the floor for every
// reader.
func Plain(ctx context.Context, js jetstream.JetStream, stream string, count int64) error {
	consumer, err := js.OrderedConsumer(ctx, stream, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(1000))
	if err != nil {
		return err
	}
	defer messages.Stop()
	for range count {
		if _, err := messages.Next(); err != nil {
			return err
		}
	}
	return nil
}

// upTo is a reader that has read this far.
type upTo int64

func (u upTo) Position() uint64         { return uint64(u) }
func (u upTo) Changed() <-chan struct{} { return nil }

// followed follows the log from the beginning until all of it is published.
func (l *filled) followed(ctx context.Context, folder string, count int64) error {
	h, err := history.Open(ctx, history.Config{Folder: folder, Origin: "measure.test/history", Stream: l.log.Stored(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer h.Close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx, upTo(count)) }()
	for h.Tree().Head().Size < count || len(h.Published()) == 0 {
		select {
		case err := <-ended:
			return err
		case <-time.After(time.Millisecond):
		}
	}
	stop()
	return <-ended
}
