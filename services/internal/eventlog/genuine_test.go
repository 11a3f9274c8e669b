package eventlog_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/signing"
)

// forger has what an attacker or a faulty program may have: the server and, in
// some cases, a key.
type forger struct {
	t    *testing.T
	keys *logtest.Keys
	log  *eventlog.Log
	nc   *nats.Conn
}

// genuine is a message as the log itself writes it.
func (f forger) genuine() *nats.Msg {
	f.t.Helper()
	logtest.MustAppend(f.t, f.log, logtest.Joined("model"), 0)
	stream, err := logtest.JetStream(f.t, f.nc).Stream(logtest.Context(f.t), eventlog.Name)
	if err != nil {
		f.t.Fatal(err)
	}
	raw, err := stream.GetMsg(logtest.Context(f.t), 1)
	if err != nil {
		f.t.Fatal(err)
	}
	message := &nats.Msg{Subject: "stafett.conversation.model", Header: nats.Header{}, Data: raw.Data}
	for name, values := range raw.Header {
		if !strings.HasPrefix(name, "Nats-") {
			message.Header[name] = values
		}
	}
	return message
}

// with replaces the payload and adapts the headers, signed by a service.
func (f forger) with(message *nats.Msg, change func(*eventv1.Commit), signer *signing.Key) {
	f.t.Helper()
	a := &eventv1.Commit{}
	if err := proto.Unmarshal(message.Data, a); err != nil {
		f.t.Fatal(err)
	}
	change(a)
	payload, err := proto.Marshal(a)
	if err != nil {
		f.t.Fatal(err)
	}
	message.Data = payload
	message.Header["ce-source"] = []string{"/services/" + a.Service}
	message.Header["ce-subject"] = []string{a.Subject}
	message.Header.Set("Stafett-Signature", signer.Sign(message.Subject, payload))
}

func TestOnlyGenuineAppendsAreRead(t *testing.T) {
	cases := map[string]struct {
		forge func(f forger, m *nats.Msg)
		says  string
	}{
		"no commit": {func(_ forger, m *nats.Msg) { m.Data = []byte("hello") }, "not a commit"},
		"wrong subject": {func(_ forger, m *nats.Msg) { m.Subject = "stafett.conversation.other" },
			"written for stafett.conversation.model but is on stafett.conversation.other"},
		"changed payload": {func(f forger, m *nats.Msg) {
			signature := m.Header.Get("Stafett-Signature")
			f.with(m, func(a *eventv1.Commit) { a.Caller = "somebody else" }, f.keys.Of(f.t, "intake"))
			m.Header.Set("Stafett-Signature", signature)
		}, "the signature of intake"},
		"another service's signature": {func(f forger, m *nats.Msg) {
			f.with(m, func(*eventv1.Commit) {}, f.keys.Of(f.t, "triage"))
		}, "the signature of intake"},
		"no signature":   {func(_ forger, m *nats.Msg) { m.Header.Del("Stafett-Signature") }, "the signature of intake"},
		"two signatures": {func(_ forger, m *nats.Msg) { m.Header.Add("Stafett-Signature", "x") }, "Stafett-Signature"},
		"no headers":     {func(_ forger, m *nats.Msg) { m.Header = nil }, "the signature of intake"},
		"unknown service": {func(f forger, m *nats.Msg) {
			f.with(m, func(a *eventv1.Commit) { a.Service = "" }, f.keys.Of(f.t, "intake"))
		}, "the signature of"},
		"another service's event": {func(f forger, m *nats.Msg) {
			f.with(m, func(a *eventv1.Commit) { a.Service = "triage" }, f.keys.Of(f.t, "triage"))
		}, "triage appended ParticipantJoined, which belongs to intake"},
		"one event of another service": {func(f forger, m *nats.Msg) {
			f.with(m, func(a *eventv1.Commit) {
				a.Events = append(a.Events, logtest.Append("model", &eventv1.OfferSent{}).Events...)
			}, f.keys.Of(f.t, "intake"))
			m.Header.Set("Stafett-Events", "ParticipantJoined,OfferSent")
		}, "intake appended OfferSent, which belongs to routing"},
		"unknown kind of event": {func(f forger, m *nats.Msg) {
			f.with(m, func(a *eventv1.Commit) { a.Events = append(a.Events, &eventv1.Event{}) }, f.keys.Of(f.t, "intake"))
			m.Header.Set("Stafett-Events", "ParticipantJoined,")
		}, "event 2 is of a kind that this program does not know"},
		"no events": {func(f forger, m *nats.Msg) {
			f.with(m, func(a *eventv1.Commit) { a.Events = nil }, f.keys.Of(f.t, "intake"))
			m.Header.Set("Stafett-Events", "")
		}, "it has neither events nor a request id"},
		"another time in the payload": {func(f forger, m *nats.Msg) {
			f.with(m, func(a *eventv1.Commit) { a.RecordTime = &timestamppb.Timestamp{Seconds: 1} }, f.keys.Of(f.t, "intake"))
		}, "header ce-time"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { refused(t, c.forge, c.says) })
	}
}

// TestHeadersSayWhatThePayloadSays tampers with each header in turn.
func TestHeadersSayWhatThePayloadSays(t *testing.T) {
	for _, header := range []string{"ce-specversion", "ce-id", "ce-type", "ce-source", "ce-subject", "ce-time", "content-type", "Stafett-Events"} {
		t.Run(header, func(t *testing.T) {
			refused(t, func(_ forger, m *nats.Msg) { m.Header[header] = []string{"tampered"} }, "header "+header+` says "tampered"`)
		})
		t.Run("without "+header, func(t *testing.T) {
			refused(t, func(_ forger, m *nats.Msg) { delete(m.Header, header) }, "header "+header)
		})
	}
}

// refused puts a forged message at position 2 and reads it in every possible way.
func refused(t *testing.T, forge func(forger, *nats.Msg), says string) {
	t.Helper()
	t.Parallel()
	keys, nc := logtest.NewKeys(t), logtest.Connect(t, logtest.Server(t))
	f := forger{t: t, keys: keys, log: keys.Open(t, nc, 1, "intake"), nc: nc}
	message := f.genuine()
	forge(f, message)
	ctx := logtest.Context(t)
	if _, err := logtest.JetStream(t, nc).PublishMsg(ctx, message); err != nil {
		t.Fatal(err)
	}
	_, at := f.log.At(ctx, 2)
	_, tail := f.log.Tail(ctx, message.Subject, 1)
	read := 0
	follow := f.log.Follow(ctx, 0, func(batch []eventlog.Entry) error { read += len(batch); return nil })
	for how, err := range map[string]error{"At": at, "Tail": tail, "Follow": follow} {
		if err == nil || !strings.Contains(err.Error(), "position 2") || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want one that names position 2 and says %q", how, err, says)
		}
		if errors.Is(err, eventlog.ErrUnknown) || errors.Is(err, eventlog.ErrNotFound) {
			t.Errorf("%s: %v looks like something that passes", how, err)
		}
	}
	if read > 1 {
		t.Errorf("Follow handed on %d entries, want at most the genuine one", read)
	}
}

func TestTheGenuineMessagePublishedAgainIsRead(t *testing.T) {
	keys, nc := logtest.NewKeys(t), logtest.Connect(t, logtest.Server(t))
	f := forger{t: t, keys: keys, log: keys.Open(t, nc, 1, "intake"), nc: nc}
	message := f.genuine()
	if _, err := logtest.JetStream(t, nc).PublishMsg(logtest.Context(t), message); err != nil {
		t.Fatal(err)
	}
	if _, err := f.log.At(logtest.Context(t), 2); err != nil {
		t.Errorf("the forger's own message is not read, so the other tests prove nothing: %v", err)
	}
}

// TestTheFirstOfManyThatAreNotGenuine is named, whichever processor finds one first.
func TestTheFirstOfManyThatAreNotGenuine(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	log := logtest.NewKeys(t).Open(t, nc, 1, "intake")
	for i := range 400 {
		if i == 50 || i > 60 {
			if _, err := logtest.JetStream(t, nc).Publish(logtest.Context(t), "stafett.conversation.forged", []byte("hello")); err != nil {
				t.Fatal(err)
			}
			continue
		}
		logtest.MustAppend(t, log, logtest.Joined(fmt.Sprint(i)), 0)
	}
	err := log.Follow(logtest.Context(t), 0, func(batch []eventlog.Entry) error { return nil })
	if err == nil || !strings.HasPrefix(err.Error(), "position 51: ") {
		t.Errorf("%v, want an error about position 51", err)
	}
}
