package platform_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// TestTheLogGoesAwayUnderAHandover: the nats-server is stopped while both sides
// and the child are together, and started again. Meanwhile nothing is recorded,
// and nothing refused either; what is known can be read. Then the same requests
// are recorded once, what fell due is done once, and the handover ends well.
func TestTheLogGoesAwayUnderAHandover(t *testing.T) {
	f := newFleet(t)
	sender, first, conversation, handover := f.bridged()
	elsewhere, alone := sender.offered("second")
	f.desk("second").accept(alone, "1")
	f.settle()
	earlier := command{uuid.NewString(), nil}
	earlier.send = sender.joining(conversation, "astrid", earlier.id)
	before := earlier.insist(t, f.ctx)
	f.settle()
	commands := f.interrupted(sender, first, conversation, handover)
	f.away(func() {
		for _, c := range commands {
			_, err := c.send(f.ctx)
			refused(t, err, codes.Unavailable, "LOG_UNAVAILABLE")
		}
		_, err := sender.joining(conversation, "mina", uuid.NewString())(f.ctx) // who is there already
		refused(t, err, codes.Unavailable, "LOG_UNAVAILABLE")
		if again := must[*handoverv1.Recorded](t)(earlier.send(f.ctx)); !proto.Equal(again, before) {
			t.Errorf("what was recorded before is answered %v, want %v", again, before)
		}
		h := must[*handoverv1.Handover](t)(sender.Routing.GetHandover(f.ctx, &routingv1.GetHandoverRequest{Name: handover}))
		if h.State != handoverv1.HandoverState_HANDOVER_STATE_BRIDGED {
			t.Errorf("without the log %s is %v, want BRIDGED", handover, h.State)
		}
		f.clock.Advance(30 * time.Second) // nobody joined the other handover
		if err := f.Fired(f.ctx); err != nil {
			t.Fatal(err)
		}
	})
	for _, c := range commands {
		recorded := c.insist(t, f.ctx)
		if again := c.insist(t, f.ctx); !proto.Equal(again, recorded) {
			t.Errorf("the same request is answered %v, want %v", again, recorded)
		}
	}
	f.pass(time.Second) // a failed firing is repeated
	f.toItsEnd(sender, first, conversation, handover)
	f.once(commands...)
	if n := f.returned(elsewhere, handoverv1.ReturnReason_RETURN_REASON_NO_JOIN); n != 1 {
		t.Errorf("the handover that nobody joined was returned %d times, want once", n)
	}
}

// TestTheLogGoesAwayUnderManyCommands: whatever was on its way when the
// nats-server stopped is recorded once, and where it was answered to be.
func TestTheLogGoesAwayUnderManyCommands(t *testing.T) {
	const many = 60
	f := newFleet(t)
	sender := f.desk("sender")
	conversation := sender.open()
	commands, answers := make([]command, many), make([]*handoverv1.Recorded, many)
	answered := make(chan struct{}, many)
	var sending sync.WaitGroup
	for i := range commands {
		id := uuid.NewString()
		commands[i] = command{id, sender.joining(conversation, "p"+id[:8], id)}
		sending.Go(func() {
			recorded, err := commands[i].send(f.ctx)
			answers[i] = recorded
			if err != nil && client.Reason(err) != "LOG_UNAVAILABLE" && client.Reason(err) != "CONTENDED" {
				t.Errorf("answered %v", err)
			}
			answered <- struct{}{}
		})
	}
	for range many / 4 {
		<-answered
	}
	f.away(sending.Wait)
	early := 0
	for i, c := range commands {
		recorded := c.insist(t, f.ctx)
		if answers[i] == nil {
			continue
		}
		if early++; !proto.Equal(recorded, answers[i]) {
			t.Errorf("answered %v before, %v now", answers[i], recorded)
		}
	}
	t.Logf("%d of %d commands were recorded before the nats-server stopped", early, many)
	f.once(commands...)
}
