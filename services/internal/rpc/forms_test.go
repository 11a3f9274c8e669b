package rpc

import (
	"testing"

	rules "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// TestEveryPatternIsToldInWords of all protos that the services serve.
func TestEveryPatternIsToldInWords(t *testing.T) {
	seen := 0
	protoregistry.GlobalTypes.RangeMessages(func(m protoreflect.MessageType) bool {
		fields := m.Descriptor().Fields()
		for i := range fields.Len() {
			of, _ := proto.GetExtension(fields.Get(i).Options().(*descriptorpb.FieldOptions), rules.E_Field).(*rules.FieldRules)
			for _, pattern := range []string{of.GetString().GetPattern(), of.GetRepeated().GetItems().GetString().GetPattern(), of.GetMap().GetKeys().GetString().GetPattern()} {
				if pattern == "" {
					continue
				}
				if seen++; form(pattern) == "" {
					t.Errorf("%s is not told in words: %s", fields.Get(i).FullName(), pattern)
				}
			}
		}
		return true
	})
	if seen < 50 {
		t.Errorf("%d patterns were seen, which cannot be all", seen)
	}
}
