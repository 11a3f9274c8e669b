package fields

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

func field(of proto.Message, name protoreflect.Name) protoreflect.FieldDescriptor {
	return of.ProtoReflect().Descriptor().Fields().ByName(name)
}

func TestAllowedCodesFollowTheRules(t *testing.T) {
	for want, field := range map[string]protoreflect.FieldDescriptor{
		"DELIVERED, ALERTING":                  field(&routingv1.AcknowledgeOfferRequest{}, "state"),
		"NOT_NEEDED, MISTAKE, OTHER_WAY":       field(&routingv1.CancelHandoverRequest{}, "reason"),
		"CODES, ONE_LINE, SUMMARY, TRANSCRIPT": field(&intakev1.SealPacketRequest{}, "part"),
	} {
		var codes string
		for _, n := range Allowed(field) {
			code := Code(field.Enum(), n)
			if codes += ", " + code; Number(field.Enum(), code).Number() != n {
				t.Errorf("%s is read as another code", code)
			}
		}
		if codes != ", "+want {
			t.Errorf("%s allows %s, want %s", field.FullName(), codes, want)
		}
	}
}

func TestLinesAreKnown(t *testing.T) {
	for field, want := range map[protoreflect.FieldDescriptor]bool{
		field(&routingv1.IssueTicketRequest{}, "conversation"):   false,
		field(&routingv1.IssueTicketRequest{}, "to_line"):        true,
		field(&routingv1.ProposeHandoverRequest{}, "candidates"): true,
	} {
		if got := IsLine(field); got != want {
			t.Errorf("%s names a line: %t", field.FullName(), got)
		}
	}
}
