package logrules

import (
	"regexp"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
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
	for i := range facts.Kinds.Fields().Len() {
		field := facts.Kinds.Fields().Get(i)
		owners[field.Number()], _ = proto.GetExtension(field.Options(), eventv1.E_Owner).(string)
	}
	return owners
}()

// ofLines are the kinds of events that happen to lines. All others happen to
// conversations.
var ofLines = map[protoreflect.Name]bool{
	"line_published": true, "line_removed": true, "line_closed": true, "line_reopened": true, "line_suspended": true, "line_reinstated": true,
	"capacity_reported": true, "seat_leased": true, "rota_published": true, "rota_changed": true,
	"ticket_refused": true, "line_key_published": true, "line_key_retired": true, "line_key_revoked": true,
	"staff_key_registered": true, "staff_key_revoked": true,
}

// ownership checks OWN: each event belongs to the service that committed it, and to
// the aggregate in whose subject it lies.
type ownership struct {
	rule.Base
	// conversations are the subjects that are known to be one's.
	conversations map[string]bool
}

func NewOwnership(f rule.Base) rule.Reader {
	return &ownership{Base: f, conversations: map[string]bool{}}
}

func (o *ownership) Read(at facts.Mark, r facts.Stored) {
	o.Applies()
	if len(r.GetEvents())+len(r.GetRequestId()) == 0 {
		o.Violated(at, "the commit has neither events nor a request id")
	}
	for _, e := range r.GetEvents() {
		o.Event(at, e, r.GetService())
	}
}

func (o *ownership) Event(at facts.Mark, e *eventv1.Event, service string) {
	field := e.ProtoReflect().WhichOneof(facts.Kinds)
	if field == nil {
		o.Violated(at, "an event of an unknown kind")
		return
	}
	if owner := owners[field.Number()]; owner == "" || owner != service {
		o.Violated(at, "%s is an event of %q and was appended by %q", field.Name(), owner, service)
	}
	belongs := o.isConversation(at.Subject)
	switch {
	case ofLines[field.Name()]:
		belongs = lineID.MatchString(at.Subject)
	case field.Name() == "log_recovered":
		belongs = at.Subject == "stafett.log"
	}
	if !belongs {
		o.Violated(at, "%s does not belong on this subject", field.Name())
	}
}

func (o *ownership) isConversation(subject string) bool {
	if !o.conversations[subject] && conversationID.MatchString(subject) {
		o.conversations[subject] = true
	}
	return o.conversations[subject]
}

func (o *ownership) Forget(subject string) { delete(o.conversations, subject) }
