package recovery

import (
	"bufio"
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/rawlog"
)

// atOnce is how many messages are written before the stream is asked whether it has them.
const atOnce = 1000

// expected is the header with the condition under which a commit was appended. It names a
// position, so it moves with the commits.
var expected = regexp.MustCompile(`Nats-Expected-Last-Subject-Sequence: [0-9]+`)

// writeKept writes what is kept byte for byte. No client can: it sorts headers as it likes.
func (r *Recovery) writeKept(ctx context.Context) error {
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
	stream, last := rawlog.New(r.server.nc, eventlog.Name), map[string]int{}
	for i, one := range r.kept {
		header := expected.ReplaceAllLiteralString(string(one.Header), fmt.Sprintf("Nats-Expected-Last-Subject-Sequence: %d", last[one.Subject]))
		last[one.Subject] = i + 1
		fmt.Fprintf(out, "HPUB %s %d %d\r\n%s%s\r\n", one.Subject, len(header), len(header)+len(one.Payload), header, one.Payload)
		if (i+1)%atOnce == 0 || i+1 == len(r.kept) {
			if err := out.Flush(); err != nil {
				return err
			}
			if err := await(ctx, stream, int64(i)+1); err != nil {
				return err
			}
		}
	}
	return nil
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
