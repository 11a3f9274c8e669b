package recovery_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/proto"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/staging"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/services/recovery"
)

func TestMain(m *testing.M) { apitest.Main(m) }

// evening is a platform with a handover under way, and what was answered.
type evening struct {
	*apitest.World
	sender       apitest.Desk
	conversation string
	open         *intakev1.Conversation
	first        *intakev1.OpenConversationRequest
	answered     *handoverv1.Recorded
	kept         []byte // a checkpoint that somebody kept
	older        string // a copy of the folder from before the last commands
}

func newEvening(t *testing.T) *evening {
	t.Helper()
	e := &evening{World: apitest.NewWorld(t), older: filepath.Join(t.TempDir(), "older")}
	sender, conversation := e.Ringing()
	e.sender, e.conversation = sender, conversation
	e.open, e.first = sender.GetConversation(conversation), opening()
	e.answered = sender.Recorded(sender.Intake.OpenConversation(e.Ctx, e.first))
	e.Checkpoint(e.answered.Position, apitest.HistoryLog)
	e.Stop()
	if err := os.CopyFS(e.older, os.DirFS(e.Data)); err != nil {
		t.Fatal(err)
	}
	e.Start()
	e.sender = e.Desk("sender")
	last := e.sender.Recorded(e.sender.Intake.OpenConversation(e.Ctx, opening()))
	answer, _ := e.Checkpoint(last.Position, apitest.HistoryLog)
	e.kept = []byte(answer.Checkpoint)
	e.Stop()
	return e
}

func opening() *intakev1.OpenConversationRequest {
	return &intakev1.OpenConversationRequest{RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child"}
}

// rewrite replaces the messages of the log.
func (e *evening) rewrite(alter func([]*nats.Msg) []*nats.Msg) {
	e.T.Helper()
	server := logtest.Listening(e.T, -1, filepath.Join(e.Data, "log"))
	defer logtest.Stop(server)
	nc := logtest.Connect(e.T, server)
	js := logtest.JetStream(e.T, nc)
	stream := apitest.Must[jetstream.Stream](e.T)(js.Stream(e.Ctx, "STAFETT"))
	var all []*nats.Msg
	for position := uint64(1); position <= stream.CachedInfo().State.LastSeq; position++ {
		m := apitest.Must[*jetstream.RawStreamMsg](e.T)(stream.GetMsg(e.Ctx, position))
		all = append(all, &nats.Msg{Subject: m.Subject, Header: m.Header, Data: m.Data})
	}
	logtest.Recreate(e.T, js, stream.CachedInfo().Config)
	for _, m := range alter(all) {
		apitest.Must[*jetstream.PubAck](e.T)(js.PublishMsg(e.Ctx, m))
	}
}

// opens starts the platform, which must refuse with a text.
func (e *evening) refuses(text string) {
	e.T.Helper()
	p, err := platform.Up(e.Ctx, platform.Config{Data: e.Data, Lines: e.Lines, Clock: e.Clock})
	if err == nil {
		err = p.Run(e.Ctx)
	}
	if err == nil || !strings.Contains(err.Error(), text) || !strings.Contains(err.Error(), "stafett recover") {
		e.T.Errorf("it ends with %v, want %q and the remedy", err, text)
	}
}

// recovers opens a new log, which must lack what is wanted, and goes on with it.
func (e *evening) recovers(checkpoint []byte, want ...eventv1.LeftOutReason) {
	e.T.Helper()
	before := contents(e.T, e.Data)
	r, err := recovery.Read(e.Ctx, e.Data, checkpoint)
	if err != nil {
		e.T.Fatal(err)
	}
	defer r.Close()
	var reasons []eventv1.LeftOutReason
	for _, left := range r.Event.LeftOut {
		reasons = append(reasons, left.Reason)
	}
	if !r.Needed() || !slices.Equal(reasons, want) || r.Event.SameUntil != uint64(r.Kept) {
		e.T.Errorf("left out: %v (%v), want %v", r.Event.LeftOut, r.Contradicted, want)
	}
	evidence, err := r.Open(e.Ctx, e.Clock.Now())
	if err != nil {
		e.T.Fatal(err)
	}
	if got := contents(e.T, evidence); got != before {
		e.T.Error("the evidence was touched")
	}
	if err := r.Close(); err != nil {
		e.T.Error(err)
	}
	e.goesOn(r)
}

// contents are a folder's files, but for the lock.
func contents(t *testing.T, folder string) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"log/jetstream/$G/streams/*/msgs/*", "audit/*", "*/*.db", "signing/*"} {
		for _, path := range apitest.Must[[]string](t)(filepath.Glob(filepath.Join(folder, pattern))) {
			if text, err := os.ReadFile(path); err == nil {
				all.WriteString(strings.TrimPrefix(path, folder))
				all.Write(text)
			}
		}
	}
	return all.String()
}

// goesOn: the conversation that was open is, with its custody and its handover; a request from
// before gets its answer; and the history is sound, and says what it commits to.
func (e *evening) goesOn(r *recovery.Recovery) {
	e.T.Helper()
	e.Start()
	sender := e.Desk("sender")
	again := sender.Took(apitest.Placed(sender.Intake.OpenConversation(e.Ctx, e.first)))
	if again.Name != e.answered.Name || !again.RecordTime.AsTime().Equal(e.answered.RecordTime.AsTime()) {
		e.T.Errorf("a request from before is answered %v, want %v", again, e.answered)
	}
	if c := sender.GetConversation(e.conversation); !proto.Equal(c, e.open) {
		e.T.Errorf("the open conversation is %v, and was %v", c, e.open)
	}
	next := sender.Recorded(sender.Intake.JoinConversation(e.Ctx, &intakev1.JoinConversationRequest{
		RequestId: uuid.NewString(), Conversation: e.conversation, Participant: "berit", Role: handoverv1.Role_ROLE_COUNSELLOR,
	}))
	answer, signed := e.Checkpoint(next.Position, apitest.HistoryLog)
	if !strings.HasSuffix(signed.Origin, "/history.2") || answer.LogKey == r.Event.LogKey {
		e.T.Errorf("the new log is %s with key %s", signed.Origin, answer.LogKey)
	}
	var found int
	for _, s := range e.Replay(&auditv1.ReplayCommitsRequest{}).Appends {
		for _, event := range s.Commit.Events {
			if recovered := event.GetLogRecovered(); recovered != nil && s.Position == uint64(r.Kept)+1 && recovered.LogKey == r.Event.LogKey {
				found++
			}
		}
	}
	if found != 1 {
		e.T.Errorf("the log says %d times, at position %d, that it was recovered", found, r.Kept+1)
	}
	e.Stop()
}

const (
	lost    = eventv1.LeftOutReason_LEFT_OUT_REASON_LOST
	foreign = eventv1.LeftOutReason_LEFT_OUT_REASON_FOREIGN
)

func TestAForeignMessage(t *testing.T) {
	e := newEvening(t)
	e.rewrite(func(all []*nats.Msg) []*nats.Msg {
		return append(all, &nats.Msg{Subject: "stafett.line.first", Header: nats.Header{}, Data: []byte("foreign")})
	})
	e.refuses("position")
	e.recovers(nil, foreign)
}

// TestAnAlteredCommit of a conversation; what was built on it is left out, too.
func TestAnAlteredCommit(t *testing.T) {
	e := newEvening(t)
	last := 0
	e.rewrite(func(all []*nats.Msg) []*nats.Msg {
		for i, m := range all {
			if strings.Contains(m.Subject, "conversation") && !strings.HasSuffix(e.conversation, strings.TrimPrefix(m.Subject, "stafett.conversation.")) {
				last = i
			}
		}
		all[last].Data[len(all[last].Data)-1] ^= 1
		return all
	})
	e.refuses("position")
	e.recovers(nil, foreign)
}

func TestACutTail(t *testing.T) {
	e := newEvening(t)
	e.rewrite(func(all []*nats.Msg) []*nats.Msg { return all[:len(all)-1] })
	e.refuses("position")
	e.recovers(nil, lost)
}

// TestAKilledPlatformLeavesNothingInMemory once it is recovered.
func TestAKilledPlatformLeavesNothingInMemory(t *testing.T) {
	e := newEvening(t)
	e.rewrite(func(all []*nats.Msg) []*nats.Msg { return all[:len(all)-1] })
	folder := staging.Begin(filepath.Join(e.Data, "log"))
	if folder == "" {
		t.Skip("this system keeps no folder in memory")
	}
	e.recovers(nil, lost)
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", folder, err)
	}
}

// TestWhatWasNotSignedYet: the log lost what audit had read, and had not signed. The platform does
// not start on such a log, so there must be a way out.
func TestWhatWasNotSignedYet(t *testing.T) {
	e := newEvening(t)
	for _, name := range []string{"log", "audit/checkpoint", "audit/checkpoint.shown", "audit/tree.db", "audit/accesses"} {
		putBack(t, filepath.Join(e.older, name), filepath.Join(e.Data, name))
	}
	e.refuses("position")
	e.recovers(nil, lost)
}

// putBack replaces a file or folder with an older one, or removes what did not exist then.
func putBack(t *testing.T, older, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(older, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
}

// TestAnOlderFolder is not noticed by the platform itself: all of it is as it was. A checkpoint
// that somebody kept names what is lost.
func TestAnOlderFolder(t *testing.T) {
	e := newEvening(t)
	e.Data = e.older
	if r, err := recovery.Read(e.Ctx, e.Data, nil); err != nil || r.Needed() {
		t.Errorf("an older folder by itself needs %v, %v", r, err)
	} else {
		r.Close()
	}
	e.recovers(e.kept, lost)
}

func TestWhatIsNotAFolder(t *testing.T) {
	if _, err := recovery.Read(t.Context(), t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "data folder") {
		t.Errorf("an empty folder is read with %v", err)
	}
}

// TestTheAccessLogIsRecovered when the whole log came back older: who read the history in between
// is lost, and the history says so. Whoever reads from now on is recorded again.
func TestTheAccessLogIsRecovered(t *testing.T) {
	e := newEvening(t)
	e.Start()
	read := uint64(len(e.Replay(&auditv1.ReplayCommitsRequest{}).Appends))
	e.Checkpoint(1, apitest.AccessLog)
	e.Stop()
	putBack(t, filepath.Join(e.older, "log"), filepath.Join(e.Data, "log"))
	e.refuses("position")
	r, err := recovery.Read(e.Ctx, e.Data, nil)
	if err != nil {
		t.Fatal(err)
	}
	lostAccesses := r.Event.Accesses
	if err := r.Close(); err != nil || lostAccesses.GetLeftOutCount() == 0 || lostAccesses.GetLogKey() == "" || read == 0 {
		t.Fatalf("of the access log it says %v, %v", lostAccesses, err)
	}
	e.recovers(nil, lost)
	e.Start()
	e.Replay(&auditv1.ReplayCommitsRequest{})
	if _, signed := e.Checkpoint(lostAccesses.SameUntil+1, apitest.AccessLog); !strings.HasSuffix(signed.Origin, "/accesses.2") {
		t.Errorf("the new access log is %s", signed.Origin)
	}
	e.Stop()
}
