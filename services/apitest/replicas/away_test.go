package replicas_test

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
	"github.com/stafett/stafett/services/apitest"
)

// TestTheLogGoesAwayUnderAHandover: the nats-server stops while both sides and the child are
// together, and starts again. Meanwhile nothing is recorded and nothing refused; what is known
// can be read. Then the same requests are recorded once, deadlines that passed fire once, and
// the handover completes.
func TestTheLogGoesAwayUnderAHandover(t *testing.T) {
	f := apitest.NewFleet(t)
	sender, first, conversation, handover := f.Bridged()
	elsewhere, alone := sender.Offered("second")
	f.Desk("second").Accept(alone, "1")
	f.Settle()
	earlier := command{uuid.NewString(), nil}
	earlier.send = sender.Joining(conversation, "astrid", earlier.id)
	before := earlier.insist(t, f.Ctx)
	f.Settle()
	commands := interrupted(f, sender, first, conversation, handover)
	f.WithoutNATS(func() {
		for _, c := range commands {
			_, err := c.send(f.Ctx)
			apitest.WantRefusal(t, err, codes.Unavailable, "LOG_UNAVAILABLE")
		}
		_, err := sender.Joining(conversation, "mina", uuid.NewString())(f.Ctx) // already present
		apitest.WantRefusal(t, err, codes.Unavailable, "LOG_UNAVAILABLE")
		if again := apitest.Must[*handoverv1.Recorded](t)(earlier.send(f.Ctx)); !proto.Equal(again, before) {
			t.Errorf("what was recorded before is answered %v, want %v", again, before)
		}
		h := apitest.Must[*routingv1.Handover](t)(sender.Routing.GetHandover(f.Ctx, &routingv1.GetHandoverRequest{Name: handover}))
		if h.State != handoverv1.HandoverState_HANDOVER_STATE_BRIDGED {
			t.Errorf("without the log %s is %v, want BRIDGED", handover, h.State)
		}
		f.Clock.Advance(30 * time.Second) // no one joined the other handover
		if err := f.Fired(f.Ctx); err != nil {
			t.Fatal(err)
		}
	})
	for _, c := range commands {
		recorded := c.insist(t, f.Ctx)
		if again := c.insist(t, f.Ctx); !proto.Equal(again, recorded) {
			t.Errorf("the same request is answered %v, want %v", again, recorded)
		}
	}
	f.Advance(time.Second) // a failed firing is repeated
	toItsEnd(f, sender, first, conversation, handover)
	once(f, commands...)
	if n := returned(f, elsewhere, handoverv1.ReturnReason_RETURN_REASON_NO_JOIN); n != 1 {
		t.Errorf("the handover that nobody joined was returned %d times, want once", n)
	}
}

// TestTheLogGoesAwayUnderManyCommands: every command in flight when the nats-server stopped is
// recorded once, at the position in its answer.
func TestTheLogGoesAwayUnderManyCommands(t *testing.T) {
	const many = 60
	f := apitest.NewFleet(t)
	sender := f.Desk("sender")
	conversation := sender.OpenConversation()
	commands, answers := make([]command, many), make([]*handoverv1.Recorded, many)
	answered := make(chan struct{}, many)
	var sending sync.WaitGroup
	for i := range commands {
		id := uuid.NewString()
		commands[i] = command{id, sender.Joining(conversation, "p"+id[:8], id)}
		sending.Go(func() {
			recorded, err := commands[i].send(f.Ctx)
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
	f.WithoutNATS(sending.Wait)
	early := 0
	for i, c := range commands {
		recorded := c.insist(t, f.Ctx)
		if answers[i] == nil {
			continue
		}
		if early++; !proto.Equal(recorded, answers[i]) {
			t.Errorf("answered %v before, %v now", answers[i], recorded)
		}
	}
	t.Logf("%d of %d commands were recorded before the nats-server stopped", early, many)
	once(f, commands...)
}
