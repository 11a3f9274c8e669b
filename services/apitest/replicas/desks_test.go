package replicas_test

import (
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/apitest"
)

// answered is the answer to a command: a record, or a refusal.
type answered struct {
	recorded *handoverv1.Recorded
	err      error
}

// same reports whether the caller sees two answers as the same.
func (a answered) same(b answered) bool {
	if a.err == nil || b.err == nil {
		return a.err == nil && b.err == nil && proto.Equal(a.recorded, b.recorded)
	}
	return a.err.Error() == b.err.Error() && client.Reason(a.err) == client.Reason(b.err)
}

// each runs a command five times at every desk, all at once, and checks that all answers are
// the same.
func each(d apitest.Desks, command func(apitest.Desk) (*handoverv1.Recorded, error)) answered {
	d[0].T.Helper()
	const times = 5
	answers := make([]answered, times)
	var ready, sending sync.WaitGroup
	ready.Add(times)
	for i := range times {
		sending.Go(func() {
			ready.Done()
			ready.Wait()
			answers[i].recorded, answers[i].err = insist(d[i%len(d)], command)
		})
	}
	sending.Wait()
	for _, a := range answers[1:] {
		if !a.same(answers[0]) {
			d[0].T.Errorf("the same request is answered %v, and %v", answers[0], a)
		}
	}
	return answers[0]
}

// insist repeats the same request while it is told to.
func insist(d apitest.Desk, command func(apitest.Desk) (*handoverv1.Recorded, error)) (*handoverv1.Recorded, error) {
	for {
		recorded, err := command(d)
		if client.Reason(err) != "CONTENDED" {
			return recorded, err
		}
	}
}

func accepting(offer, id string) func(apitest.Desk) (*handoverv1.Recorded, error) {
	return func(d apitest.Desk) (*handoverv1.Recorded, error) {
		return d.Accepting(offer, id)(d.Ctx)
	}
}

func declining(offer, id string) func(apitest.Desk) (*handoverv1.Recorded, error) {
	return func(d apitest.Desk) (*handoverv1.Recorded, error) {
		return d.Declining(offer, id)(d.Ctx)
	}
}
