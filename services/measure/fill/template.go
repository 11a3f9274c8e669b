package fill

import (
	"bytes"
	"encoding/binary"
	"maps"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protopath"
	"google.golang.org/protobuf/reflect/protorange"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/verify"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// template is a recorded commit, with the places of what differs in a copy. All of these keep
// their length.
type template struct {
	service, command, subject string
	ofLine                    bool
	payload                   []byte
	headers                   map[string]string
	time                      time.Time
	// places in the payload
	conversation, id, previous []int
	seconds                    []place
}

// place is where a time stands, and its seconds.
type place struct {
	at      int
	seconds uint64
}

func newTemplate(m verify.Message, conversation string) (*template, error) {
	commit := &eventv1.Commit{}
	if err := proto.Unmarshal(m.Payload, commit); err != nil {
		return nil, err
	}
	t := &template{
		service: commit.Service, command: commit.Command, subject: m.Subject, ofLine: !strings.HasSuffix(m.Subject, conversation),
		payload: m.Payload, headers: event.Headers(commit), time: commit.RecordTime.AsTime(),
		conversation: all(m.Payload, []byte(conversation)), id: all(m.Payload, []byte(commit.Id)),
	}
	if len(commit.PreviousHash) > 0 {
		t.previous = all(m.Payload, commit.PreviousHash)
	}
	for seconds := range secondsIn(commit) {
		for _, at := range all(m.Payload, encoded(seconds)) {
			t.seconds = append(t.seconds, place{at + 1, seconds})
		}
	}
	return t, nil
}

// all are the places of a part.
func all(in, part []byte) (places []int) {
	for from := 0; ; {
		at := bytes.Index(in[from:], part)
		if at < 0 {
			return places
		}
		places, from = append(places, from+at), from+at+len(part)
	}
}

// encoded is a Timestamp's first field on the wire.
func encoded(seconds uint64) []byte { return binary.AppendUvarint([]byte{1 << 3}, seconds) }

// secondsIn are the seconds of all times in a message.
func secondsIn(m proto.Message) map[uint64]bool {
	found := map[uint64]bool{}
	_ = protorange.Range(m.ProtoReflect(), func(values protopath.Values) error {
		if v, ok := values.Index(-1).Value.Interface().(protoreflect.Message); ok {
			if at, ok := v.Interface().(*timestamppb.Timestamp); ok {
				found[uint64(at.Seconds)] = true
			}
		}
		return nil
	})
	return found
}

// copied is the payload of a copy.
func (t *template) copied(conversation, id string, previous []byte, later time.Duration) []byte {
	payload := bytes.Clone(t.payload)
	for _, at := range t.conversation {
		copy(payload[at:], conversation)
	}
	for _, at := range t.id {
		copy(payload[at:], id)
	}
	for _, at := range t.previous {
		copy(payload[at:], previous)
	}
	for _, p := range t.seconds {
		binary.PutUvarint(payload[p.at:], p.seconds+uint64(later/time.Second))
	}
	return payload
}

// headersOf are the headers of a copy, without its signature.
func (t *template) headersOf(subject, id string, later time.Duration) map[string]string {
	headers := maps.Clone(t.headers)
	headers["ce-id"], headers["ce-subject"] = id, subject
	headers["ce-time"] = t.time.Add(later).Format(time.RFC3339Nano)
	return headers
}
