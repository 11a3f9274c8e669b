package logrules

import (
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// staffKeys checks of I19 that the keys of two persons were registered by the line that gives the
// command, and not revoked. It can be checked where a history has the lines' own events.
type staffKeys struct {
	rule.Base
	// count has the keys that count, by line and id; a line is in it once it was published.
	count map[string]map[string]bool
}

func NewStaffKeys(f rule.Base) rule.Reader {
	return &staffKeys{f, map[string]map[string]bool{}}
}

// signed is an event that two persons may have signed.
type signed interface {
	proto.Message
	GetPersons() *handoverv1.TwoPersons
}

func (k *staffKeys) Read(at facts.Mark, r facts.Stored) {
	if id, ok := strings.CutPrefix(at.Subject, facts.LineSubject); ok {
		for _, e := range r.GetEvents() {
			k.ofLine(at, id, r.GetCaller(), e)
		}
		return
	}
	_, line, _ := strings.Cut(r.GetCaller(), "/line/")
	for _, e := range r.GetEvents() {
		if of, ok := facts.KindOf(e).(signed); ok && k.count[line] != nil {
			k.registered(at, line, of.GetPersons())
		}
	}
}

func (k *staffKeys) ofLine(at facts.Mark, id, caller string, e *eventv1.Event) {
	if k.count[id] == nil {
		k.count[id] = map[string]bool{}
	}
	switch kind := facts.KindOf(e).(type) {
	case *eventv1.StaffKeyRegistered:
		k.itself(at, id, caller)
		if k.count[id][string(kind.GetId())] {
			k.Violated(at, "a key of %s was registered twice", id)
		}
		k.count[id][string(kind.GetId())] = true
	case *eventv1.StaffKeyRevoked:
		k.itself(at, id, caller)
		delete(k.count[id], string(kind.GetId()))
	}
}

// itself: nobody but a line registers and revokes the keys of its staff.
func (k *staffKeys) itself(at facts.Mark, id, caller string) {
	k.Applies()
	if !strings.HasPrefix(caller, "spiffe://") || !strings.HasSuffix(caller, "/line/"+id) {
		k.Violated(at, "a key of %s was registered or revoked by %s", id, caller)
	}
}

func (k *staffKeys) registered(at facts.Mark, line string, proof *handoverv1.TwoPersons) {
	for _, word := range proof.GetWords() {
		k.Applies()
		if !k.count[line][string(word.GetSignature().GetKey())] {
			k.Violated(at, "a key of %s signed that %s had not registered, or had revoked", word.GetKey().GetParticipant(), line)
		}
	}
}
