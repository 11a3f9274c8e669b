package recovery

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/stafett/stafett/services/rawlog"
)

// atOnce is how many messages are written before the stream is asked whether it has them.
const atOnce = 1000

// expected is the header with the condition under which a commit was appended. It names a
// position, so it moves with the commits.
var expected = regexp.MustCompile(`Nats-Expected-Last-Subject-Sequence: [0-9]+`)

// writeKept writes what is kept byte for byte. No client can: it sorts headers as it likes.
func (r *Recovery) writeKept(ctx context.Context, e *earlier) error {
	conn, err := r.server.nats.InProcessConn()
	if err != nil {
		return err
	}
	defer conn.Close()
	go func() { // the server's answers must be read
		for lines := bufio.NewScanner(conn); lines.Scan(); {
		}
	}()
	out := bufio.NewWriter(conn)
	fmt.Fprint(out, "CONNECT {\"headers\":true,\"verbose\":false,\"protocol\":1,\"name\":\"recovery\"}\r\n")
	last := map[string]int{}
	for begin, end, awaited := 0, 0, 0; begin < len(e.kept); begin = end {
		end = e.batchEnd(begin)
		for i := begin; i < end; i++ {
			e.kept[i].writeTo(out, last, i+1)
		}
		if end-awaited < atOnce && end < len(e.kept) {
			continue // the stream has nothing of a batch before its end
		}
		if err := out.Flush(); err != nil {
			return err
		}
		if err := await(ctx, e.stream, int64(end)); err != nil {
			return err
		}
		awaited = end
	}
	return nil
}

// writeTo publishes a message for a position, on the condition that its subject still ends where
// it did.
func (k kept) writeTo(out io.Writer, last map[string]int, position int) {
	header := expected.ReplaceAllLiteralString(string(k.Header), fmt.Sprintf("Nats-Expected-Last-Subject-Sequence: %d", last[k.Subject]))
	last[k.Subject] = position
	fmt.Fprintf(out, "HPUB %s %d %d\r\n%s%s\r\n", k.Subject, len(header), len(header)+len(k.Payload), header, k.Payload)
}

// await waits until the stream ends at a position.
func await(ctx context.Context, stream *rawlog.Stream, want int64) error {
	began := time.Now()
	for {
		last, err := stream.Last(ctx)
		if err != nil || last == want {
			return err
		}
		if time.Since(began) > time.Minute {
			return fmt.Errorf("the new log ends at position %d, and must have %d", last, want)
		}
		time.Sleep(time.Millisecond)
	}
}
