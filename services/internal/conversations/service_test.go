package conversations_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/evolve"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/projection"
)

// service is what every service is at heart: a log, a projection, a repository.
type service struct {
	*conversations.Repository
	pending *conversations.Pending
	log     *eventlog.Log
	model   *projection.Model
	stop    func()
}

// open opens a service on a file. Its projection does not move until run.
func open(t testing.TB, log *eventlog.Log, file string, clock clockwork.Clock) *service {
	t.Helper()
	pending := conversations.NewPending()
	model, err := projection.Open(logtest.Context(t), file, log, projection.Definition{
		Version: "test", Receipts: true, Buckets: conversations.Buckets,
		Apply: func(tx *projection.Tx, entry eventlog.Entry) error {
			_, err := conversations.Apply(tx, entry)
			return err
		},
		Committed: pending.Forget,
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &service{log: log, model: model, pending: pending, stop: func() {}}
	s.Repository = conversations.NewRepository(conversations.Parts{
		Log: log, Clock: clock, Limits: handover.DefaultRules(), Model: model, Pending: pending,
	})
	t.Cleanup(func() {
		s.stop()
		model.Close()
	})
	return s
}

func (s *service) run(t testing.TB) *service {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.model.Run(ctx) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the projection ended with %v", err)
		}
	})
	return s
}

// settle waits until the projection has the whole log.
func (s *service) settle(t testing.TB) {
	t.Helper()
	last, err := s.log.Last(logtest.Context(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.model.Wait(logtest.Context(t), last); err != nil {
		t.Fatal(err)
	}
}

// shared is one log with the keys of all services.
type shared struct {
	keys *logtest.Keys
	nc   *nats.Conn
}

func newShared(t testing.TB) shared {
	return shared{keys: logtest.NewKeys(t), nc: logtest.Connect(t, logtest.Server(t))}
}

// log is the log of a service.
func (s shared) log(t testing.TB, name string) *eventlog.Log {
	t.Helper()
	return s.keys.Open(t, s.nc, 1, name)
}

// open opens a service that stands still, on a file of its own.
func (s shared) open(t testing.TB, name string) *service {
	t.Helper()
	return open(t, s.log(t, name), file(t), clockwork.NewRealClock())
}

func file(t testing.TB) string { return filepath.Join(t.TempDir(), "model.db") }

const conversation = "0123456789abcdef0123456789abcdef"

// call is a call with a request id made from a word, or none.
func call(request string, body ...any) aggregate.Call {
	c := aggregate.Call{Target: conversation, Caller: "spiffe://test/line/a", Command: "Test"}
	if request != "" {
		id := uuid.NewSHA1(uuid.Nil, []byte(request))
		hash := sha256.Sum256(fmt.Append(nil, body...))
		c.RequestID, c.RequestHash = id[:], hash[:16]
	}
	return c
}

func opening() command.OpenConversation {
	return command.OpenConversation{
		Conversation: handover.ConversationName(conversation), Line: "a",
		Channel: handoverv1.Channel_CHANNEL_CHAT, Language: "nb", Child: "child",
	}
}

func joining(who string) command.JoinConversation {
	return command.JoinConversation{Line: "a", Participant: who, Role: handoverv1.Role_ROLE_COUNSELLOR}
}

func assessing() command.AssessRisk {
	return command.AssessRisk{Line: "a", Level: handoverv1.RiskLevel_RISK_LEVEL_R2}
}

func closing() command.CloseConversation {
	return command.CloseConversation{Line: "a", Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED}
}

// do carries out a command that must be recorded.
func (s *service) do(t testing.TB, call aggregate.Call, command decide.Command) *handoverv1.Recorded {
	t.Helper()
	recorded, err := s.Do(logtest.Context(t), call, command)
	if err != nil {
		t.Fatal(err)
	}
	return recorded
}

// history is the conversation's commits, whose chain must hold.
func history(t testing.TB, log *eventlog.Log) []eventlog.Entry {
	t.Helper()
	entries, err := log.Tail(logtest.Context(t), eventlog.ConversationSubject(conversation), 0)
	if err != nil {
		t.Fatal(err)
	}
	state := &handover.State{}
	for _, entry := range entries {
		if err := evolve.Commit(state, entry.Commit, entry.Position, entry.Hash); err != nil {
			t.Errorf("the history does not hold together: %v", err)
		}
	}
	return entries
}

func reason(err error) handoverv1.RefusalReason {
	return refusal.ReasonOf(err)
}

// meddling is a clock that does something each time a decision looks at it.
type meddling struct {
	clockwork.Clock
	meddle func()
}

func (m meddling) Now() time.Time {
	m.meddle()
	return m.Clock.Now()
}
