package intake

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/taxonomy"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/conversations/conversationstest"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/rpctest"
)

const chat = handoverv1.Channel_CHANNEL_CHAT

// world is the service with one line, bris, that calls it and has one door.
type world struct {
	*Service
	t       *testing.T
	clock   *clockwork.FakeClock
	bris    intakev1.IntakeServiceClient
	routing conversationstest.Repository
}

func open(t *testing.T) *world {
	t.Helper()
	keys, nc := logtest.NewKeys(t), logtest.Connect(t, logtest.Server(t))
	w := &world{t: t, clock: clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC))}
	routing := keys.Open(t, nc, 1, "routing")
	w.routing = conversationstest.Open(t, routing, w.clock)
	w.publish(lines.NewRepository(routing, w.clock, lines.Nothing()))
	opened, err := Open(logtest.Context(t), dependencies.Set{
		Log: keys.Open(t, nc, 1, "intake"), Clock: w.clock, Rules: handover.DefaultRules(), Topics: taxonomy.Default(),
		Data: t.TempDir(), Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Service = opened.(*Service)
	w.running()
	server := rpctest.Serve(t, w.Register, "stafett.intake.v1.IntakeService")
	w.bris = intakev1.NewIntakeServiceClient(server.Dial(identity.Line, "bris"))
	return w
}

// publish puts the line into the log.
func (w *world) publish(all *lines.Repository) {
	w.t.Helper()
	call := aggregate.Call{Target: "bris", Caller: "spiffe://test/operator/operator", Command: "Test"}
	outcome := all.Do(logtest.Context(w.t), call, func(*lines.State, time.Time) ([]proto.Message, error) {
		return []proto.Message{&eventv1.LinePublished{Line: &handoverv1.Line{
			Name: "lines/bris", Doors: []*handoverv1.Door{{Id: "web", Channel: chat}},
		}}}, nil
	})
	if outcome.Err != nil {
		w.t.Fatal(outcome.Err)
	}
}

// running runs the service until the test ends.
func (w *world) running() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	w.t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, w.Close()); err != nil {
			w.t.Errorf("the service ended with %v", err)
		}
	})
}

// opens opens a conversation of bris with a counsellor in it, and returns its id.
func (w *world) opens() (id string) {
	w.t.Helper()
	ctx := logtest.Context(w.t)
	opened, err := w.bris.OpenConversation(ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: chat, LanguageCode: "nb", Child: "child", Door: "web",
	})
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.bris.JoinConversation(ctx, &intakev1.JoinConversationRequest{
		RequestId: uuid.NewString(), Conversation: opened.Recorded.Name, Participant: "mina", Role: handoverv1.Role_ROLE_COUNSELLOR,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	name, err := handover.ParseName(opened.Recorded.Name)
	if err != nil {
		w.t.Fatal(err)
	}
	return name.Conversation
}

func TestAChildComesThroughADoorOfItsLine(t *testing.T) {
	w := open(t)
	for name, c := range map[string]struct {
		line, door string
		channel    handoverv1.Channel
		want       string
	}{
		"no door":                 {"bris", "", chat, ""},
		"its door":                {"bris", "web", chat, ""},
		"the door, another way":   {"bris", "web", handoverv1.Channel_CHANNEL_PHONE, "DOOR_NOT_FOUND"},
		"no such door":            {"bris", "back", chat, "DOOR_NOT_FOUND"},
		"a line that is not here": {"other", "", chat, "LINE_NOT_FOUND"},
	} {
		if err := w.comesBy(c.line, c.channel, c.door); reason(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestTheServiceAnswersItsChecks: a request that a check refuses is refused by the RPC.
func TestTheServiceAnswersItsChecks(t *testing.T) {
	w := open(t)
	_, err := w.bris.OpenConversation(logtest.Context(t), &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: chat, LanguageCode: "nb", Child: "child", Door: "back",
	})
	if client.Reason(err) != "DOOR_NOT_FOUND" {
		t.Errorf("answered %v", err)
	}
}
