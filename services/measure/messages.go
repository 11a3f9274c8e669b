package measure

import (
	"crypto/sha256"
	"fmt"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// perConversation is how many commits a conversation has. When one ends another begins; a
// hundred are open at any time.
const (
	perConversation = 30
	atATime         = 100
)

// place is a conversation's newest commit.
type place struct {
	number  uint32
	payload [sha256.Size]byte
}

// message makes the commit at a position, about as large as a real one. Its signature is a
// dummy. It follows the newest commit in places; nil makes one that follows nothing.
func message(position int64, places map[string]place) verify.Message {
	conversation := position%atATime + atATime*(position/(atATime*perConversation))
	a := &eventv1.Commit{
		Id: uuid.NewString(), Subject: fmt.Sprintf("stafett.conversation.%032x", conversation), Service: "intake",
		RecordTime: timestamppb.Now(), Caller: "spiffe://measure.test/line/first", Command: "SendMessage",
		RequestId: make([]byte, 16), RequestHash: make([]byte, 16),
		Events: []*eventv1.Event{event.Of(&eventv1.ParticipantJoined{Participant: "mina", Line: "first"})},
	}
	before, known := places[a.Subject]
	a.Number = before.number + 1
	if known {
		a.PreviousHash = before.payload[:]
	}
	payload, err := proto.Marshal(a)
	if err != nil {
		panic(err)
	}
	if places != nil {
		places[a.Subject] = place{a.Number, sha256.Sum256(payload)}
	}
	return verify.Message{Subject: a.Subject, Header: header(a), Payload: payload}
}

// header is as long as a real one.
func header(a *eventv1.Commit) []byte {
	return fmt.Appendf(nil, "NATS/1.0\r\nce-specversion: 1.0\r\nce-id: %s\r\nce-type: org.stafett.append.v1\r\nce-source: /services/intake\r\n"+
		"ce-subject: %s\r\nce-time: 2026-03-03T19:40:00.123456789Z\r\ncontent-type: application/protobuf\r\nStafett-Events: ParticipantJoined\r\n"+
		"Stafett-Signature: %088d\r\nNats-Msg-Id: %s\r\nNats-Expected-Stream: STAFETT\r\nNats-Expected-Last-Subject-Sequence: 12345\r\n\r\n",
		a.Id, a.Subject, a.Number, a.Id)
}
