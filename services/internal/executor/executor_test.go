package executor_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/internal/conversations/conversationstest"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/executor"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/rpc"
	"github.com/stafett/stafett/services/internal/rpctest"
)

// world has two services that are nothing but executors.
type world struct {
	*rpctest.Server
	log            *eventlog.Log
	intake, triage *executor.Executor
	// supplied is the origin of the last message; supply is what its service says.
	supplied decide.Origin
	supply   error
	stored   int
}

// messages is intake's one method by hand in these tests.
type messages struct {
	intakev1.UnimplementedIntakeServiceServer
	w *world
}

// intakeByHand are the RPCs of intake that the executor does not answer here.
type intakeByHand interface {
	GetConversation(context.Context, *intakev1.GetConversationRequest) (*intakev1.Conversation, error)
	WatchConversation(*intakev1.WatchConversationRequest, grpc.ServerStreamingServer[intakev1.WatchConversationResponse]) error
	GetChildStatus(context.Context, *intakev1.GetChildStatusRequest) (*intakev1.ChildStatus, error)
	SendMessage(context.Context, *intakev1.SendMessageRequest) (*intakev1.SendMessageResponse, error)
}

func (m messages) SendMessage(ctx context.Context, r *intakev1.SendMessageRequest) (*intakev1.SendMessageResponse, error) {
	return rpc.Answer[intakev1.SendMessageResponse](m.w.intake.DoWith(ctx, r, func(o *decide.Origin) (func() error, error) {
		m.w.supplied = *o
		return func() error { m.w.stored++; return nil }, m.w.supply
	}))
}

func newWorld(t *testing.T) *world {
	t.Helper()
	keys, nc, clock := logtest.NewKeys(t), logtest.Connect(t, logtest.Server(t)), clockwork.NewRealClock()
	w := &world{log: keys.Open(t, nc, 1, "intake")}
	w.intake = &executor.Executor{Conversations: conversationstest.Open(t, w.log, clock).Repository, Directory: noLines}
	w.triage = &executor.Executor{Conversations: conversationstest.Open(t, keys.Open(t, nc, 1, "triage"), clock).Repository}
	w.Server = rpctest.Serve(t, w.register, "stafett.intake.v1.IntakeService", "stafett.triage.v1.TriageService")
	return w
}

func (w *world) register(r grpc.ServiceRegistrar) error {
	return errors.Join(
		w.intake.Register(r, &intakev1.IntakeService_ServiceDesc, messages{w: w}, struct{ intakeByHand }{}),
		w.triage.Register(r, &triagev1.TriageService_ServiceDesc, server{}, struct{ reads }{}))
}

// noLines is a directory that says nothing of any line.
func noLines(string) (handover.Directory, error) {
	return handover.Directory{Deadlines: func(string) *handoverv1.LineDeadlines { return nil }}, nil
}

// open opens a conversation for a line.
func (w *world) open(t *testing.T, line, id string) (*handoverv1.Recorded, error) {
	t.Helper()
	answer, err := intakev1.NewIntakeServiceClient(w.Dial(identity.Line, line)).OpenConversation(logtest.Context(t), &intakev1.OpenConversationRequest{
		RequestId: id, Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child",
	})
	return answer.GetRecorded(), err
}

// opened is the name of a new conversation of the line bris.
func (w *world) opened(t *testing.T) string {
	t.Helper()
	recorded, err := w.open(t, "bris", uuid.NewString())
	if err != nil {
		t.Fatal(err)
	}
	return recorded.Name
}

// end is the last position of the log.
func (w *world) end(t *testing.T) uint64 {
	t.Helper()
	last, err := w.log.Last(logtest.Context(t))
	if err != nil {
		t.Fatal(err)
	}
	return last
}

func TestACommandIsExecutedOnce(t *testing.T) {
	w, id := newWorld(t), uuid.NewString()
	first, err := w.open(t, "bris", id)
	if err != nil || first.Position != 1 {
		t.Fatalf("recorded at %v, %v, want position 1", first, err)
	}
	again, err := w.open(t, "bris", id)
	if err != nil || again.Name != first.Name || again.Position != first.Position || w.end(t) != 1 {
		t.Errorf("again it is answered %v, %v, and the log ends at %d", again, err, w.end(t))
	}
	other, err := w.open(t, "other", id)
	if err != nil || other.Name == first.Name {
		t.Errorf("another line's request under the same id opened %v, %v", other, err)
	}
}

func TestACheckComesFirst(t *testing.T) {
	w := newWorld(t)
	w.intake.Check = func(_ context.Context, request rpc.Command) error {
		if request.(*intakev1.OpenConversationRequest).Child != "child" {
			t.Errorf("the check got %v", request)
		}
		return refusal.DoorNotFound("there is no such door")
	}
	if _, err := w.open(t, "bris", uuid.Nil.String()); client.Reason(err) != "DOOR_NOT_FOUND" {
		t.Errorf("answered %v, want the refusal of the check before that of the request id", err)
	}
	if w.end(t) != 0 {
		t.Error("a refused request is in the log")
	}
}

func TestTheDirectoryIsReadForEachAttempt(t *testing.T) {
	w, read := newWorld(t), 0
	conversation := w.opened(t)
	w.triage.Directory = func(id string) (handover.Directory, error) {
		if read++; handover.ConversationName(id) != conversation {
			t.Errorf("the directory was read for %q", id)
		}
		return handover.Directory{TaxonomyVersion: "7", Recommend: func(*statev1.Conversation) *handoverv1.Recommendation { return nil }}, nil
	}
	answer, err := triagev1.NewTriageServiceClient(w.Dial(identity.Line, "bris")).TagConversation(logtest.Context(t),
		&triagev1.TagConversationRequest{RequestId: uuid.NewString(), Conversation: conversation, Add: []string{"V"}})
	if err != nil || answer.Recorded.Name != conversation+"/assessment" {
		t.Errorf("answered %v, %v", answer, err)
	}
	if read != 2 { // triage must catch up with the opening first
		t.Errorf("the directory was read %d times, want once for each of two attempts", read)
	}
}

func TestWithoutADirectoryNothingIsDecided(t *testing.T) {
	w := newWorld(t)
	conversation := w.opened(t)
	w.triage.Directory = func(string) (handover.Directory, error) { return handover.Directory{}, errors.New("damaged") }
	_, err := triagev1.NewTriageServiceClient(w.Dial(identity.Line, "bris")).TagConversation(logtest.Context(t),
		&triagev1.TagConversationRequest{RequestId: uuid.NewString(), Conversation: conversation, Add: []string{"V"}})
	if status.Code(err) != codes.Internal || w.end(t) != 1 {
		t.Errorf("answered %v, and the log ends at %d", err, w.end(t))
	}
}

func TestAServiceSuppliesBeforeTheCommand(t *testing.T) {
	w, id := newWorld(t), uuid.New()
	conversation := w.opened(t)
	w.supply = refusal.NotReady("the vault is away")
	_, err := intakev1.NewIntakeServiceClient(w.Dial(identity.Line, "bris")).SendMessage(logtest.Context(t), &intakev1.SendMessageRequest{
		RequestId: id.String(), Conversation: conversation, Participant: "child", Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: []byte("words"),
	})
	if client.Reason(err) != "NOT_READY" || w.end(t) != 1 || w.stored > 0 {
		t.Errorf("answered %v, and the log ends at %d", err, w.end(t))
	}
	if o := w.supplied; o.Line != "bris" || handover.ConversationName(o.At.Conversation) != conversation || string(o.RequestID) != string(id[:]) {
		t.Errorf("the service is told of %+v", o)
	}
}

// TestARefusedCommandStoresNothing, also not one whose request id has another request.
func TestARefusedCommandStoresNothing(t *testing.T) {
	w, id := newWorld(t), uuid.NewString()
	conversation := w.opened(t)
	for name, send := range map[string]struct{ line, reason string }{
		"somebody else":          {"other", "CONVERSATION_NOT_YOURS"},
		"without another reader": {"bris", "NOT_RELAYED"},
	} {
		_, err := intakev1.NewIntakeServiceClient(w.Dial(identity.Line, send.line)).SendMessage(logtest.Context(t), &intakev1.SendMessageRequest{
			RequestId: id, Conversation: conversation, Participant: "child", Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: []byte("words"),
		})
		if client.Reason(err) != send.reason || w.stored > 0 {
			t.Errorf("%s: answered %v, and stored %d blobs", name, err, w.stored)
		}
	}
}
