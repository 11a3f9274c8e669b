package simulation

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Coverage counts what occurred in schedules.
type Coverage struct {
	kinds       [256]int
	refusals    [256]int
	handovers   [32]int
	returns     [32]int
	supervisors [32]int
	passed      [32]int
}

var kind = (&eventv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("kind")

func (c *Coverage) events(events []*eventv1.Event) {
	for _, e := range events {
		c.kinds[e.ProtoReflect().WhichOneof(kind).Number()]++
		switch what := e.Kind.(type) {
		case *eventv1.Event_HandoverReturned:
			c.returns[what.HandoverReturned.Reason]++
		case *eventv1.Event_OfferWithdrawn:
			c.passed[what.OfferWithdrawn.Reason]++
		case *eventv1.Event_SupervisorTold:
			c.supervisors[what.SupervisorTold.Reason]++
		}
	}
}

func (c *Coverage) states(conversation *statev1.Conversation) {
	if h := handover.Of(conversation).Current(); h.Exists() {
		c.handovers[h.State]++
	}
}

// Add adds the counts of other.
func (c *Coverage) Add(other *Coverage) {
	add(c.kinds[:], other.kinds[:])
	add(c.refusals[:], other.refusals[:])
	add(c.handovers[:], other.handovers[:])
	add(c.returns[:], other.returns[:])
	add(c.supervisors[:], other.supervisors[:])
	add(c.passed[:], other.passed[:])
}

func add(to, from []int) {
	for i, n := range from {
		to[i] += n
	}
}

// Count is how often something occurred.
type Count struct {
	What string
	N    int
}

// Counts returns counts of all events, handover states, refusal reasons, return reasons
// and reasons for notifying supervisors, in the order of the protocol.
func (c *Coverage) Counts() []Count {
	var counts []Count
	for i := range kind.Fields().Len() {
		field := kind.Fields().Get(i)
		counts = append(counts, Count{"event " + string(field.Message().Name()), c.kinds[field.Number()]})
	}
	counts = append(counts, counted("state ", handoverv1.HandoverState(0), c.handovers[:])...)
	counts = append(counts, counted("refusal ", handoverv1.RefusalReason(0), c.refusals[:])...)
	counts = append(counts, counted("return ", handoverv1.ReturnReason(0), c.returns[:])...)
	counts = append(counts, counted("passed ", handoverv1.PassReason(0), c.passed[:])...)
	return append(counts, counted("supervisor ", handoverv1.SupervisorReason(0), c.supervisors[:])...)
}

func counted(what string, of protoreflect.Enum, n []int) []Count {
	var counts []Count
	values := of.Descriptor().Values()
	for i := 1; i < values.Len(); i++ {
		counts = append(counts, Count{what + short(of.Descriptor(), values.Get(i)), n[values.Get(i).Number()]})
	}
	return counts
}

// short returns the name of a code without its enum's common prefix.
func short(of protoreflect.EnumDescriptor, value protoreflect.EnumValueDescriptor) string {
	all := len(string(of.Values().ByNumber(0).Name())) - len("UNSPECIFIED")
	return string(value.Name())[all:]
}
