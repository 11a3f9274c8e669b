package platform_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/nats-io/nats.go"
	"google.golang.org/grpc/codes"

	"github.com/stafett/stafett/pkg/client"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/logtest"
)

// TestTheLogGoesAwayUnderAFile: the nats-server is stopped when some of a file's lines are
// published. The same request again publishes what is left, and nothing twice.
func TestTheLogGoesAwayUnderAFile(t *testing.T) {
	const many, some = 150, 20
	f := newFleet(t)
	var text []string
	for n := range many {
		text = append(text, listed(fmt.Sprintf("line-%03d", n), "0-25"))
	}
	request := fileOf(text...)
	published := f.awaitLines(some)
	operator, answer := f.operator(), make(chan error, 1)
	go func() {
		_, err := operator.Directory.ApplyLines(f.ctx, request)
		answer <- err
	}()
	<-published
	f.away(func() { refused(t, <-answer, codes.Unavailable, "LOG_UNAVAILABLE") })
	var r *routingv1.ApplyLinesResponse
	err := client.Retry(f.ctx, func(ctx context.Context) (err error) {
		r, err = operator.Directory.ApplyLines(ctx, request)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	for _, c := range r.Changes {
		left[c.Line] = true
	}
	if len(left) == 0 || len(left) > many-some+1 {
		t.Errorf("%d of %d lines were left, although %d had been published", len(left), many, some)
	}
	times := map[string]int{}
	for _, p := range logged[*eventv1.LinePublished](f.world, "") {
		times[p.Line.Name]++
	}
	if len(times) != many+len(f.lines) {
		t.Errorf("the log has %d lines, want %d", len(times), many+len(f.lines))
	}
	for line, n := range times {
		if n != 1 {
			t.Errorf("%s was published %d times", line, n)
		}
	}
}

// awaitLines is closed once some lines more were sent to the log.
func (f *fleet) awaitLines(some int) <-chan struct{} {
	f.t.Helper()
	sent, n := make(chan struct{}), 0
	_, err := logtest.Connect(f.t, f.server).Subscribe("stafett.line.*", func(*nats.Msg) {
		if n++; n == some {
			close(sent)
		}
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return sent
}
