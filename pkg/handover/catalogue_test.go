package handover_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/handover"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
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
	for _, d := range handover.Definitions() {
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
	at := handover.ResourceName{Conversation: "c", Handover: 3, Offer: 4}
	for _, d := range handover.Definitions() {
		if d.Method == nil {
			continue
		}
		request := d.NewRequest()
		c := d.Command("chat", at, request)
		if name := commandName(c); name != d.Name {
			t.Errorf("%s makes a %s", d.Name, name)
		}
		if handover.DefinitionOf(request) != d || handover.DefinitionNamed(d.Name) != d || handover.DefinitionFor(c) != d {
			t.Errorf("%s is not found by its request, by its name and by itself", d.Name)
		}
		if caller(c) != "spiffe://stafett.test/line/chat" {
			t.Errorf("%s comes from %s, want the calling line", d.Name, caller(c))
		}
	}
}

func TestCommandsWithStatesNameAHandover(t *testing.T) {
	for _, d := range handover.Definitions() {
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
		&routingv1.ConfirmHandoverRequest{Handover: handoverName}:         handoverName,
		&routingv1.DeclineOfferRequest{Offer: handoverName + "/offers/2"}: handoverName + "/offers/2",
		&intakev1.SendMessageRequest{Conversation: "conversations/c"}:     "conversations/c",
		&intakev1.OpenConversationRequest{Child: "kim"}:                   "",
	} {
		if got := handover.DefinitionOf(request).Target(request); got != want {
			t.Errorf("the target of %v is %q, want %q", request, got, want)
		}
	}
}
