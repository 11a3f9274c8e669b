package view_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/view"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// The parts that a line can play in a conversation.
const (
	sender    = "s" // has custody and hands over
	receiver  = "r" // accepted
	asked     = "a" // was asked, and is a party for a different reason
	former    = "f" // handed over, and is no longer a party
	everybody = sender + receiver + asked + former
	leg       = "l" // only carries the child's leg
)

// shownTo says, for each field of the answers, which of the lines above sees it. To add a
// field, say here who sees it, and set it in the builder.
var shownTo = map[protoreflect.Name]string{
	"Conversation.name": everybody + leg, "Conversation.custody": everybody + leg, "Conversation.handovers": everybody + leg,
	"Conversation.duty_records": everybody + leg, "Conversation.supervisor_calls": everybody + leg,
	"Conversation.entry_line": "sral", "Conversation.channel": "sral", "Conversation.language_code": "sral", "Conversation.age_band": "sral",
	"Conversation.area": "sral", "Conversation.leg_line": "sral", "Conversation.participants": "sral", "Conversation.message_count": "sral",
	"Conversation.create_time": "sral", "Conversation.close_time": "sral", "Conversation.close_reason": "sral", "Conversation.door": "sral",
	"Conversation.emergency":  "sral",
	"Conversation.assessment": sender, "Conversation.tickets": sender, "Conversation.pending_leg": sender,
	"Conversation.consent_position": sender, "Conversation.disappearance": sender,

	"Custody.name": everybody + leg, "Custody.line": "sral", "Custody.epoch": "sral", "Custody.alerts": sender, "Custody.alert_deadline": sender,

	"Handover.name": everybody + leg, "Handover.state": everybody + leg, "Handover.next_actor": everybody, "Handover.deadline": everybody,
	"Handover.from_line": everybody + leg, "Handover.to_line": everybody + leg, "Handover.header": everybody, "Handover.consent": everybody + leg,
	"Handover.offers": everybody + leg, "Handover.packet_parts": everybody, "Handover.receiver_participant": everybody,
	"Handover.receiver_confirmed": everybody, "Handover.child_agreed": everybody, "Handover.attested": everybody,
	"Handover.return_reason": everybody, "Handover.cancel_reason": everybody, "Handover.outcome": everybody,
	"Handover.create_time": everybody, "Handover.update_time": everybody, "Handover.budget_deadline": everybody,
	"Handover.outcome_escalation": everybody, "Handover.parent": everybody, "Handover.hop": everybody,
	"Handover.remind_time": everybody, "Handover.away_deadline": everybody, "Handover.abandoned_stage": everybody,
	"Handover.slot": everybody, "Handover.defer_reason": everybody, "Handover.signpost_line": everybody,
	"Handover.signpost_reason": everybody, "Handover.signpost_arrived": everybody, "Handover.emergency_service": everybody,
	"Handover.bridge_exception": everybody, "Handover.bridge_words": everybody, "Handover.hastened": everybody, "Handover.outcome_late": everybody,
	"Handover.door_closed": everybody,
	"Handover.sender_lost": everybody + leg, "Handover.bridge_time": everybody,
	"Handover.stay_asked": everybody, "Handover.reverse_reason": everybody,
	"Handover.consultation": everybody, "Handover.epoch": everybody + leg,
	"Handover.candidates": "sf", "Handover.routing": "sf", "Handover.trial": "sf", "Handover.supervisor_needed": "sf", "Handover.supervisor": "sf",
	"Handover.decision_due": "sf", "Handover.decision_deadline": "sf", "Handover.decision": "sf",
	"Handover.cancel_unconfirmed_lines": "sf", "Handover.deadlines": "sf",

	"Consent.asked": everybody, "Consent.given": everybody, "Consent.refused": everybody, "Consent.withdrawn": everybody,
	"Consent.overridden": everybody, "Consent.override_persons": "sf", "Consent.given_parts": "sf", "Consent.position": everybody + leg, "Consent.origin": everybody,
}

// shownWith lists messages whose fields are all seen by whoever sees the message.
var shownWith = []proto.Message{
	&intakev1.Participant{}, &routingv1.Offer{}, &routingv1.Ticket{}, &routingv1.PendingLeg{}, &routingv1.Emergency{}, &routingv1.Disappearance{}, &routingv1.SupervisorCall{},
	&routingv1.RoutingDecision{}, &routingv1.RoutingNeed{}, &routingv1.Candidate{}, &routingv1.LineGroup{}, &routingv1.Slot{},
	&routingv1.BridgeWords{}, &triagev1.Assessment{}, &triagev1.Recommendation{}, &triagev1.DutyRecord{},
}

// kept lists the fields of the state that no line sees: the secrets of tickets and what
// they are derived from, where a child at a closed door can go (its status shows that), from when on a budget was not spent on asking, and which signatures were used.
var kept = []protoreflect.Name{"Ticket.link_hash", "Ticket.digits_hash", "Ticket.draw", "Ticket.request_id", "Handover.accept_time",
	"Handover.grants", "Grant.kind", "Grant.part", "Grant.giver", "Grant.receiver", "Grant.hash", "Consent.asked_parts",
	"Offer.answer_risk", "Conversation.waiting", "Conversation.used_signatures", "UsedSignature.nonce", "UsedSignature.sign_time",
	"Conversation.closed_door", "ClosedDoor.line", "ClosedDoor.reason", "ClosedDoor.open_lines", "ClosedDoor.opening_time", "Consultation.from_participant"}

// TestEveryFieldIsShownToWhomItIsMeantFor fills every field of a state and views it as
// each line.
func TestEveryFieldIsShownToWhomItIsMeantFor(t *testing.T) {
	seenBy := map[protoreflect.Name]string{}
	for _, line := range strings.Split(everybody+leg, "") {
		v, err := view.Conversation(filledState(line), line)
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range fieldsIn(v.ProtoReflect()) {
			seenBy[field] += line
		}
	}
	for _, message := range []proto.Message{&intakev1.Conversation{}, &routingv1.Custody{}, &routingv1.Handover{}, &routingv1.Consent{}} {
		for _, field := range fieldsOf(message) {
			if want, decided := shownTo[field]; !decided || seenBy[field] != want {
				t.Errorf("%s is shown to %q, want %q; say in shownTo who sees it", field, seenBy[field], want)
			}
		}
	}
	for _, message := range shownWith {
		for _, field := range fieldsOf(message) {
			if !strings.Contains(seenBy[field], sender) {
				t.Errorf("%s is not shown to the line with custody", field)
			}
		}
	}
}

// TestEveryFieldOfTheStateIsShownOrKept changes the fields of the state one by one:
// either the custodian's view changes, or the field is listed as kept.
func TestEveryFieldOfTheStateIsShownOrKept(t *testing.T) {
	full := filledState(sender)
	shown := seen(t, full)
	for path, without := range withoutEach(full.Conversation.ProtoReflect()) {
		s := proto.CloneOf(full)
		s.Conversation = without.(*statev1.Conversation)
		if same := slices.EqualFunc(seen(t, s), shown, proto.Equal); same != slices.Contains(kept, path) {
			t.Errorf("%s of the state is shown: %t", path, !same)
		}
	}
}

// seen is all that the custodian sees: the conversation, and the consultation that it asked for.
func seen(t *testing.T, s *handover.State) []proto.Message {
	v, err := view.Conversation(s, sender)
	if err != nil {
		t.Fatal(err)
	}
	c := handover.Of(s.Conversation)
	if len(c.Consultations) == 0 {
		return []proto.Message{v}
	}
	return []proto.Message{v, view.Consultation(c, c.Consultation(1), sender)}
}

// filledState returns a state with every field set, in which the line plays the part
// that its name says.
func filledState(line string) *handover.State {
	c := &statev1.Conversation{}
	fill(c.ProtoReflect(), "")
	h := c.Handovers[0]
	c.Name, h.Name, h.Offers[0].Name = "conversations/c", "conversations/c/handovers/1", "conversations/c/handovers/1/offers/1"
	c.Consultations[0].FromLine = sender
	c.Custody.Line, c.DutyRecords[0].Line, c.SupervisorCalls[0].Line = sender, line, line
	h.FromLine, h.ToLine, h.Offers[0].Line = sender, line, line
	switch line {
	case former:
		h.FromLine = former
	case leg:
		c.LegLine, h.ToLine, h.Offers[0].Line, h.Offers[0].State = leg, receiver, receiver, handover.OfferAccepted
	}
	h.PacketParts[0].Part, h.Consent.Withdrawn = h.Consent.Given[0], true
	h.Consent.GivenParts = h.PacketParts
	h.Consent.Given = append(h.Consent.Given, handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME)
	party := &statev1.Party{Line: line, FromPosition: 1}
	if line == former {
		party.UntilPosition = 2
	}
	return &handover.State{HeadPosition: 1, Commits: 1, Conversation: c, Parties: []*statev1.Party{party}}
}

// fill sets every field of a message, and of the messages in it.
func fill(m protoreflect.Message, text string) {
	for i := range m.Descriptor().Fields().Len() {
		field := m.Descriptor().Fields().Get(i)
		switch {
		case field.IsMap():
		case field.IsList() && field.Message() != nil:
			fill(m.Mutable(field).List().AppendMutable().Message(), text)
		case field.IsList():
			m.Mutable(field).List().Append(scalar(field))
		case field.Message() != nil:
			fill(m.Mutable(field).Message(), text)
		default:
			m.Set(field, scalar(field))
		}
	}
}

func scalar(field protoreflect.FieldDescriptor) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(2)
	case protoreflect.StringKind:
		return protoreflect.ValueOfString("x")
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte{1})
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(1)
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(1)
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(1)
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(1)
	}
	panic(fmt.Sprintf("%s is of a kind that is not filled", field.FullName()))
}

// nameOf returns the name of a field with its message, without the package.
func nameOf(field protoreflect.FieldDescriptor) protoreflect.Name {
	return field.Parent().Name() + "." + field.Name()
}

func fieldsOf(m proto.Message) (names []protoreflect.Name) {
	fields := m.ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		names = append(names, nameOf(fields.Get(i)))
	}
	return names
}

// fieldsIn returns the fields that are set in a message and in its nested messages,
// without duplicates.
func fieldsIn(m protoreflect.Message) []protoreflect.Name {
	set := map[protoreflect.Name]bool{}
	var look func(protoreflect.Message)
	look = func(m protoreflect.Message) {
		m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
			set[nameOf(field)] = true
			for _, inner := range messagesIn(field, value) {
				look(inner)
			}
			return true
		})
	}
	look(m)
	return slices.Collect(maps.Keys(set))
}

func messagesIn(field protoreflect.FieldDescriptor, value protoreflect.Value) (inner []protoreflect.Message) {
	switch {
	case field.IsMap() || field.Message() == nil:
	case field.IsList():
		for i := range value.List().Len() {
			inner = append(inner, value.List().Get(i).Message())
		}
	default:
		inner = append(inner, value.Message())
	}
	return inner
}

// withoutEach returns copies of a message, each without one field of it or of a nested
// message.
func withoutEach(root protoreflect.Message) map[protoreflect.Name]proto.Message {
	all, changing := map[protoreflect.Name]proto.Message{}, proto.Clone(root.Interface()).ProtoReflect()
	var look func(m protoreflect.Message)
	look = func(m protoreflect.Message) {
		m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
			for _, inner := range messagesIn(field, value) {
				if strings.HasPrefix(string(inner.Descriptor().FullName()), "stafett.") {
					look(inner)
				}
			}
			value = held(m, field, value)
			m.Clear(field)
			all[nameOf(field)] = proto.Clone(changing.Interface())
			m.Set(field, value)
			return true
		})
	}
	look(changing)
	return all
}

// held copies a field's value so that it survives clearing the field, which empties a
// list.
func held(m protoreflect.Message, field protoreflect.FieldDescriptor, value protoreflect.Value) protoreflect.Value {
	if !field.IsList() {
		return value
	}
	kept := m.NewField(field)
	for i := range value.List().Len() {
		kept.List().Append(value.List().Get(i))
	}
	return kept
}
