package rpc

import (
	"strings"
	"testing"

	rules "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	formatv1 "github.com/stafett/stafett/proto/stafett/format/v1"
)

// TestNoFieldHasAPatternOfItsOwn: formats are in stafett.format.v1, with a text for people.
func TestNoFieldHasAPatternOfItsOwn(t *testing.T) {
	seen := 0
	protoregistry.GlobalTypes.RangeMessages(func(m protoreflect.MessageType) bool {
		fields := m.Descriptor().Fields()
		for i := range fields.Len() {
			of, _ := proto.GetExtension(fields.Get(i).Options().(*descriptorpb.FieldOptions), rules.E_Field).(*rules.FieldRules)
			for _, rule := range []*rules.StringRules{of.GetString(), of.GetRepeated().GetItems().GetString(), of.GetMap().GetKeys().GetString(), of.GetMap().GetValues().GetString()} {
				if rule.HasPattern() {
					t.Errorf("%s has the pattern %s; declare a format", fields.Get(i).FullName(), rule.GetPattern())
				}
				proto.RangeExtensions(rule, func(protoreflect.ExtensionType, any) bool { seen++; return true })
			}
		}
		return true
	})
	if seen < 50 {
		t.Errorf("%d formats were seen, which cannot be all", seen)
	}
}

// TestEveryFormatSaysWhatToWrite: one rule each, named after the format.
func TestEveryFormatSaysWhatToWrite(t *testing.T) {
	formats := formatv1.File_stafett_format_v1_format_proto.Extensions()
	for i := range formats.Len() {
		format := formats.Get(i)
		predefined, _ := proto.GetExtension(format.Options(), rules.E_Predefined).(*rules.PredefinedRules)
		if len(predefined.GetCel()) != 1 {
			t.Errorf("%s has %d rules", format.Name(), len(predefined.GetCel()))
			continue
		}
		rule := predefined.Cel[0]
		if rule.GetId() != "string."+string(format.Name()) || !strings.HasPrefix(rule.GetMessage(), "use ") {
			t.Errorf("%s has the id %q and the message %q", format.Name(), rule.GetId(), rule.GetMessage())
		}
	}
}
