package event

import (
	"strings"
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// NamesHeader lists the kinds of a commit's events, separated by commas.
const NamesHeader = "Stafett-Events"

// Headers returns the headers that a message must carry beside its payload, each
// exactly once: a CloudEvent in binary mode, and the kinds of its events. They serve
// people and tools that read the stream without decoding the payload.
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
