package command_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// commandMethods are the RPCs whose requests are carried out once for their request id.
// The commands of DirectoryService are about lines and decided elsewhere.
func commandMethods() []protoreflect.MethodDescriptor {
	var methods []protoreflect.MethodDescriptor
	for file, service := range map[protoreflect.FileDescriptor]protoreflect.Name{
		intakev1.File_stafett_intake_v1_intake_proto:    "IntakeService",
		triagev1.File_stafett_triage_v1_triage_proto:    "TriageService",
		routingv1.File_stafett_routing_v1_routing_proto: "RoutingService",
	} {
		all := file.Services().ByName(service).Methods()
		for i := range all.Len() {
			if all.Get(i).Input().Fields().ByName("request_id") != nil {
				methods = append(methods, all.Get(i))
			}
		}
	}
	return methods
}

func TestEveryCommandWithAnRPCIsInTheCatalogueOnce(t *testing.T) {
	var rows []protoreflect.FullName
	for _, d := range command.Definitions() {
		if d.Method != nil {
			rows = append(rows, d.Method.FullName())
		}
	}
	var want []protoreflect.FullName
	for _, method := range commandMethods() {
		want = append(want, method.FullName())
	}
	slices.Sort(rows)
	slices.Sort(want)
	if !slices.Equal(rows, want) {
		t.Errorf("the catalogue has %v, want %v", rows, want)
	}
}

func TestARequestMakesItsCommand(t *testing.T) {
	for _, d := range command.Definitions() {
		if d.Method == nil {
			continue
		}
		request := d.NewRequest()
		c := d.Command(fullOrigin, fullDirectory, request)
		if name := story.CommandName(c); name != d.Name {
			t.Errorf("%s makes a %s", d.Name, name)
		}
		if command.DefinitionOf(request) != d || command.DefinitionNamed(d.Name) != d || command.DefinitionFor(c) != d {
			t.Errorf("%s is not found by its request, by its name and by itself", d.Name)
		}
		if story.Caller(c) != "spiffe://stafett.test/line/chat" {
			t.Errorf("%s comes from %s, want the calling line", d.Name, story.Caller(c))
		}
	}
}

// fullOrigin and fullDirectory have everything that a command may need.
var (
	fullOrigin = decide.Origin{
		Line: "chat", At: handover.ResourceName{Conversation: "c", Handover: 3, Offer: 4, Consultation: "consultations/d"}, RequestID: []byte{1},
		Sealed: decide.Sealed{Commitment: []byte{2}, SizeBucket: 256},
		Ticket: decide.TicketHashes{Link: []byte{3}, Digits: []byte{4}, Draw: 5},
	}
	fullDirectory = handover.Directory{
		TaxonomyVersion: "1",
		Deadlines: func(string) *handoverv1.LineDeadlines {
			return &handoverv1.LineDeadlines{Waiting: durationpb.New(time.Second)}
		},
		Rank:      func(*statev1.Conversation) *handoverv1.RoutingDecision { return nil },
		Recommend: func(*statev1.Conversation) *handoverv1.Recommendation { return nil },
		Open:      func(string, handoverv1.Channel, time.Time) bool { return true },
		Suits:     func(*statev1.Conversation, string, handoverv1.ReceptionWay, time.Time) error { return nil },
		Trusts:    func(*sealv1.Grant, *sealv1.GrantTerms) error { return nil },
		Skip:      func(string, *handoverv1.PacketHeader) handoverv1.PassReason { return 0 },
		Shut:      func(string, handoverv1.Channel) handoverv1.PassReason { return 0 },
	}
)

// TestCommandsAreComplete: where the request sets every field, the command has every
// field.
func TestCommandsAreComplete(t *testing.T) {
	for _, d := range command.Definitions() {
		if d.Method == nil {
			continue
		}
		request := d.NewRequest()
		fill(request.ProtoReflect())
		made := reflect.ValueOf(d.Command(fullOrigin, fullDirectory, request))
		for i := range made.NumField() {
			if made.Field(i).IsZero() {
				t.Errorf("%s is made without its %s", d.Name, made.Type().Field(i).Name)
			}
		}
	}
}

// fill sets every field of a message to something.
func fill(m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		switch field := fields.Get(i); {
		case field.IsList():
			m.Mutable(field).List().Append(something(m.NewField(field).List().NewElement(), field))
		default:
			m.Set(field, something(m.NewField(field), field))
		}
	}
}

func something(empty protoreflect.Value, field protoreflect.FieldDescriptor) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.MessageKind:
		fill(empty.Message())
		return empty
	case protoreflect.StringKind:
		return protoreflect.ValueOfString("lines/x")
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte{1})
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(1)
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(1)
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(1)
	}
	return protoreflect.ValueOfUint32(1)
}

func TestCommandsWithStatesNameAHandover(t *testing.T) {
	for _, d := range command.Definitions() {
		if d.Method == nil {
			continue
		}
		fields := d.Method.Input().Fields()
		names := fields.ByName("handover") != nil || fields.ByName("offer") != nil
		if names != (d.States != nil) {
			t.Errorf("%s names a handover: %t, and is allowed in %v", d.Name, names, d.States)
		}
	}
}

func TestTheTargetIsWhatTheRequestNames(t *testing.T) {
	const handoverName = "conversations/c/handovers/1"
	for request, want := range map[proto.Message]string{
		&routingv1.ConfirmHandoverRequest{Handover: handoverName}:             handoverName,
		&routingv1.DeclineOfferRequest{Offer: handoverName + "/offers/2"}:     handoverName + "/offers/2",
		&intakev1.SendMessageRequest{Conversation: "conversations/c"}:         "conversations/c",
		&routingv1.AcceptConsultationRequest{Consultation: "consultations/d"}: "consultations/d",
		&intakev1.OpenConversationRequest{Child: "kim"}:                       "",
	} {
		if got := command.DefinitionOf(request).Target(request); got != want {
			t.Errorf("the target of %v is %q, want %q", request, got, want)
		}
	}
}
