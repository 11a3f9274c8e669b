package rawlog_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/rawlog"
)

// TestMessagesAreReadByteForByte: headers in an order, and with spaces and
// repetitions, that no client would write.
func TestMessagesAreReadByteForByte(t *testing.T) {
	server := logtest.Listening(t, -1, t.TempDir())
	nc := logtest.Connect(t, server)
	logtest.NewKeys(t).Open(t, nc, 1, "intake")
	conn, err := net.Dial("tcp", server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "CONNECT {\"headers\":true,\"verbose\":false}\r\n")
	var written []verify.Message
	for i := range 300 {
		m := verify.Message{Subject: eventlog.ConversationSubject(fmt.Sprint(i)), Payload: []byte(strings.Repeat("\x00\xff", i)),
			Header: fmt.Appendf(nil, "NATS/1.0\r\nb:   %d\r\na: x\r\nb: y \r\n\r\n", i)}
		fmt.Fprintf(conn, "HPUB %s %d %d\r\n%s%s\r\n", m.Subject, len(m.Header), len(m.Header)+len(m.Payload), m.Header, m.Payload)
		written = append(written, m)
	}
	fmt.Fprint(conn, "PING\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan() && lines.Text() != "PONG"; {
	}
	s, ctx := rawlog.New(nc, eventlog.Name), logtest.Context(t)
	for last := int64(0); last < 300; {
		if last, err = s.Last(ctx); err != nil {
			t.Fatal(err)
		}
	}
	next := int64(3)
	err = s.Read(ctx, next, 299, func(position int64, m verify.Message) error {
		if position != next || m.Leaf() != written[position-1].Leaf() {
			t.Errorf("position %d, wanted next %d, is %q", position, next, m)
		}
		next++
		return nil
	})
	if err != nil || next != 300 {
		t.Errorf("it was read up to %d: %v", next-1, err)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	log := logtest.NewKeys(t).Open(t, nc, 1, "intake")
	for i := range 5 {
		logtest.MustAppend(t, log, logtest.Joined(fmt.Sprint(i)), 0)
	}
	s, ctx, read := log.Stored(), logtest.Context(t), int64(0)
	err := s.Read(ctx, 1, 9, func(position int64, _ verify.Message) error { read = position; return nil })
	if !errors.Is(err, rawlog.ErrNotFound) || !strings.HasPrefix(err.Error(), "position 6: ") || read != 5 {
		t.Errorf("after the end, %d were read: %v", read, err)
	}
	broken := errors.New("broken")
	if err := s.Read(ctx, 1, 5, func(int64, verify.Message) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("it ends with %v, want the reader's error", err)
	}
	if err := s.Read(ctx, 3, 2, func(int64, verify.Message) error { return broken }); err != nil {
		t.Errorf("nothing is read with %v", err)
	}
	if _, err := rawlog.New(nc, "OTHER").Last(ctx); err == nil {
		t.Error("a stream that is not there has an end")
	}
	if err := rawlog.New(nc, "OTHER").Read(ctx, 1, 1, func(int64, verify.Message) error { return nil }); err == nil {
		t.Error("a stream that is not there is read")
	}
}

// TestWhatACreatedStreamIsCalled keeps the name that tools know to the log's own.
func TestWhatACreatedStreamIsCalled(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	logtest.NewKeys(t).Open(t, nc, 1, "intake")
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.Stream(logtest.Context(t), "STAFETT"); err != nil {
		t.Error(err)
	}
}
