package event

import (
	"strings"
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// NamesHeader has the kinds of an append's events, with commas between them.
const NamesHeader = "Stafett-Events"

// Headers are what a message must say of its append outside of the payload, each
// exactly once: a CloudEvent in binary mode, and the kinds of its events. They are
// for people and tools that read the stream without knowing the payload.
func Headers(a *eventv1.Commit) map[string]string {
	return map[string]string{
		"ce-specversion": "1.0",
		"ce-id":          a.Id,
		"ce-type":        "org.stafett.append.v1",
		"ce-source":      "/services/" + a.Service,
		"ce-subject":     a.Subject,
		"ce-time":        a.RecordTime.AsTime().Format(time.RFC3339Nano),
		"content-type":   "application/protobuf",
		NamesHeader:      strings.Join(Names(a.Events), ","),
	}
}
