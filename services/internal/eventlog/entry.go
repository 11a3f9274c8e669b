package eventlog

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/signing"
)

// Entry is a commit as stored in the log.
type Entry struct {
	// Position in the log, from 1 without gaps.
	Position uint64
	Commit   *eventv1.Commit
	// Payload is the stored bytes.
	Payload []byte
	// Hash is SHA-256 of the payload. The subject's next commit carries it.
	Hash [32]byte
	// batched: it was stored with others, as one batch.
	batched bool
}

// Conversation is the id of the conversation that the entry belongs to, or
// empty.
func (e Entry) Conversation() string { return after(e.Commit.Subject, "stafett.conversation.") }

// Line is the id of the line that the entry belongs to, or empty.
func (e Entry) Line() string { return after(e.Commit.Subject, "stafett.line.") }

func after(subject, prefix string) string {
	id, ok := strings.CutPrefix(subject, prefix)
	if !ok {
		return ""
	}
	return id
}

// ConversationSubject is the literal subject of a conversation.
func ConversationSubject(id string) string { return "stafett.conversation." + id }

// LineSubject is the literal subject of a line.
func LineSubject(id string) string { return "stafett.line." + id }

// LogSubject is the subject of what concerns the log as a whole: that it was recovered. Only a
// recovered stream has it.
const LogSubject = "stafett.log"

// Genuine decodes a stored message of the history. It refuses one that no service wrote like
// this.
func Genuine(keyring *signing.Keyring, position uint64, m *nats.Msg) (Entry, error) {
	return (&Log{kind: history, keyring: keyring}).decode(m.Subject, position, m.Header, m.Data)
}

// GenuineAccess does the same for the access log.
func GenuineAccess(keyring *signing.Keyring, position uint64, m *nats.Msg) (Entry, error) {
	return (&Log{kind: access, keyring: keyring}).decode(m.Subject, position, m.Header, m.Data)
}

// Genuine decodes a message of this log that was read byte for byte. It refuses one that no service
// wrote like this.
func (l *Log) Genuine(position uint64, m verify.Message) (Entry, error) {
	headers, err := nats.DecodeHeadersMsg(m.Header)
	if err != nil {
		return Entry{}, fmt.Errorf("position %d: %w", position, err)
	}
	return l.decode(m.Subject, position, headers, m.Payload)
}

// Signed is the message of a commit whose payload a service's key signs.
func Signed(keyring *signing.Keyring, key *signing.Key, a *eventv1.Commit, payload []byte) *nats.Msg {
	return &nats.Msg{Subject: a.Subject, Data: payload, Header: header(a, keyring.Sign(key, a.Subject, payload))}
}

// header is a message's header: a copy of some of the payload's fields, and the signature.
func header(a *eventv1.Commit, signature string) nats.Header {
	all := nats.Header{verify.SignatureHeader: {signature}}
	for name, value := range event.Headers(a) {
		all[name] = []string{value}
	}
	return all
}

// decode reads a message. It refuses one that was not written by an authorized service.
func (l *Log) decode(subject string, position uint64, headers nats.Header, payload []byte) (Entry, error) {
	a := &eventv1.Commit{}
	if err := proto.Unmarshal(payload, a); err != nil {
		return Entry{}, fmt.Errorf("position %d: the payload is not a commit: %w; restore the log from a copy, or open a new one without it with \"stafett recover\"", position, err)
	}
	entry := Entry{Position: position, Commit: a, Payload: payload, Hash: sha256.Sum256(payload), batched: headers.Get(batchID) != ""}
	if err := l.genuine(subject, headers, entry); err != nil {
		return Entry{}, fmt.Errorf("position %d: %w; restore the log from a copy, or open a new one without it with \"stafett recover\"", position, err)
	}
	if l.observe != nil {
		l.observe(a.GetRecordTime().AsTime())
	}
	return entry, nil
}

func (l *Log) genuine(subject string, headers nats.Header, entry Entry) error {
	a := entry.Commit
	if a.Subject != subject {
		return fmt.Errorf("it was written for %s but is on %s", a.Subject, subject)
	}
	signature := headers.Get(verify.SignatureHeader)
	if err := l.keyring.Verify(a.Service, subject, entry.Payload, signature); err != nil {
		return err
	}
	for name, want := range header(a, signature) {
		if got := headers[name]; len(got) != 1 || got[0] != want[0] {
			return fmt.Errorf("header %s says %q, the payload says %q", name, strings.Join(got, ","), want[0])
		}
	}
	return l.kind.admits(a)
}

// owned refuses events that the committing service does not own, and kinds that this program
// does not know.
func owned(a *eventv1.Commit) error {
	if len(a.Events) == 0 && len(a.RequestId) == 0 {
		return fmt.Errorf("it has neither events nor a request id")
	}
	for i, e := range a.Events {
		switch owner := event.Owner(e); owner {
		case a.Service:
		case "":
			return fmt.Errorf("event %d is of a kind that this program does not know; update the program", i+1)
		default:
			return fmt.Errorf("%s appended %s, which belongs to %s", a.Service, event.Name(e), owner)
		}
	}
	return nil
}
