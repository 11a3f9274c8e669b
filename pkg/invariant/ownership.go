package invariant

import (
	"regexp"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// The two kinds of aggregates that the log has.
var (
	conversationID = regexp.MustCompile(`^stafett\.conversation\.[0-9a-f]{32}$`)
	lineID         = regexp.MustCompile(`^stafett\.line\.[a-z][a-z0-9-]{0,62}$`)
)

// owners is the service that each kind of event belongs to. It is stated beside
// the kind, in the proto.
var owners = func() map[protoreflect.FieldNumber]string {
	owners := map[protoreflect.FieldNumber]string{}
	for i := range kinds.Fields().Len() {
		field := kinds.Fields().Get(i)
		owners[field.Number()], _ = proto.GetExtension(field.Options(), eventv1.E_Owner).(string)
	}
	return owners
}()

// ofLines are the kinds of events that happen to lines. All others happen to
// conversations.
var ofLines = map[protoreflect.Name]bool{
	"line_published": true, "line_removed": true, "line_closed": true, "line_reopened": true,
	"capacity_reported": true, "seat_leased": true, "rota_published": true, "rota_changed": true,
	"ticket_refused": true,
}

// ownership checks OWN: each event belongs to the service that appended it, and to
// the aggregate in whose subject it lies.
type ownership struct {
	*finder
	// conversations are the subjects that are known to be one's.
	conversations map[string]bool
}

func newOwnership(f *finder) reader { return &ownership{finder: f, conversations: map[string]bool{}} }

func (o *ownership) read(at mark, r Recorded) {
	o.applies()
	if len(r.Commit.GetEvents())+len(r.Commit.GetRequestId()) == 0 {
		o.violated(at, "the append holds no event and remembers no request")
	}
	for _, e := range r.Commit.GetEvents() {
		o.event(at, e, r.Commit.GetService())
	}
}

func (o *ownership) event(at mark, e *eventv1.Event, service string) {
	field := e.ProtoReflect().WhichOneof(kinds)
	if field == nil {
		o.violated(at, "an event of a kind that is not known")
		return
	}
	if owner := owners[field.Number()]; owner == "" || owner != service {
		o.violated(at, "%s is an event of %q and was appended by %q", field.Name(), owner, service)
	}
	belongs := o.isConversation(at.subject)
	if ofLines[field.Name()] {
		belongs = lineID.MatchString(at.subject)
	}
	if !belongs {
		o.violated(at, "%s does not belong into this subject", field.Name())
	}
}

func (o *ownership) isConversation(subject string) bool {
	if !o.conversations[subject] && conversationID.MatchString(subject) {
		o.conversations[subject] = true
	}
	return o.conversations[subject]
}

func (o *ownership) forget(subject string) { delete(o.conversations, subject) }
