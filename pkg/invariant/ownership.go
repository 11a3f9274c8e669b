package invariant

import (
	"regexp"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/proto"
)

// subjects are the two kinds of aggregates that the log has.
var (
	conversationID = regexp.MustCompile(`^stafett\.conversation\.[0-9a-f]{32}$`)
	lineID         = regexp.MustCompile(`^stafett\.line\.[a-z][a-z0-9-]{0,62}$`)
)

// checkOwnership checks OWN: each event belongs to the service that appended it,
// and to the aggregate in whose subject it lies. The owner is stated beside each
// kind of event, in the proto.
func checkOwnership(f *finder, history []Recorded) {
	for _, r := range history {
		f.applies()
		if len(r.Append.GetEvents()) == 0 {
			f.violated(r, "the append holds no event")
		}
		for _, e := range r.Append.GetEvents() {
			checkOwner(f, r, e)
		}
	}
}

func checkOwner(f *finder, r Recorded, e *eventv1.Event) {
	m := e.ProtoReflect()
	field := m.WhichOneof(m.Descriptor().Oneofs().ByName("kind"))
	if field == nil {
		f.violated(r, "an event of a kind that is not known")
		return
	}
	owner, _ := proto.GetExtension(field.Options(), eventv1.E_Owner).(string)
	if owner == "" || owner != r.Append.GetService() {
		f.violated(r, "%s is an event of %q and was appended by %q", field.Name(), owner, r.Append.GetService())
	}
	pattern := conversationID
	if e.GetLinePublished() != nil {
		pattern = lineID
	}
	if !pattern.MatchString(r.Append.GetSubject()) {
		f.violated(r, "%s does not belong into this subject", field.Name())
	}
}
