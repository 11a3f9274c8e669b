package replicas_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/nats-io/nats.go"
	"google.golang.org/grpc/codes"

	"github.com/stafett/stafett/pkg/client"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/logtest"
)

// TestTheLogGoesAwayUnderAFile: the nats-server stops when some of a file's lines are
// published. Repeating the request publishes the rest, and nothing twice.
func TestTheLogGoesAwayUnderAFile(t *testing.T) {
	const many, some = 150, 20
	f := apitest.NewFleet(t)
	var text []string
	for n := range many {
		text = append(text, apitest.FileLine(fmt.Sprintf("line-%03d", n), "0-25"))
	}
	request := apitest.LinesFile(text...)
	published := awaitLines(f, some)
	operator, answer := f.Operator(), make(chan error, 1)
	go func() {
		_, err := operator.Directory.ApplyLines(f.Ctx, request)
		answer <- err
	}()
	<-published
	f.WithoutNATS(func() { apitest.WantRefusal(t, <-answer, codes.Unavailable, "LOG_UNAVAILABLE") })
	var r *routingv1.ApplyLinesResponse
	err := client.Retry(f.Ctx, func(ctx context.Context) (err error) {
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
	for _, p := range apitest.Logged[*eventv1.LinePublished](f.World, "") {
		times[p.Line.Name]++
	}
	if len(times) != many+len(f.Lines) {
		t.Errorf("the log has %d lines, want %d", len(times), many+len(f.Lines))
	}
	for line, n := range times {
		if n != 1 {
			t.Errorf("%s was published %d times", line, n)
		}
	}
}

// awaitLines is closed once a number of further lines were sent to the log.
func awaitLines(f *apitest.Fleet, some int) <-chan struct{} {
	f.T.Helper()
	sent, n := make(chan struct{}), 0
	_, err := logtest.Connect(f.T, f.Server).Subscribe("stafett.line.*", func(*nats.Msg) {
		if n++; n == some {
			close(sent)
		}
	})
	if err != nil {
		f.T.Fatal(err)
	}
	return sent
}
