package rpc_test

import (
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
)

// TestEveryCodeIsOneThatIsKnown: a request with a code that has no meaning is
// refused, in every field of every RPC.
func TestEveryCodeIsOneThatIsKnown(t *testing.T) {
	checked := 0
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(string(file.Package()), "stafett.") {
			return true
		}
		for i := range file.Services().Len() {
			methods := file.Services().Get(i).Methods()
			for j := range methods.Len() {
				checked += checkCodes(t, methods.Get(j).Input())
			}
		}
		return true
	})
	if checked < 20 {
		t.Errorf("%d codes were checked, want those of all services", checked)
	}
}

// checkCodes checks the codes in a message and in those within it, and counts
// them.
func checkCodes(t *testing.T, message protoreflect.MessageDescriptor) (checked int) {
	t.Helper()
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		switch {
		case field.Kind() == protoreflect.EnumKind:
			checked++
			if !codeRefused(message, field) {
				t.Errorf("%s takes a code that is not known", field.FullName())
			}
		case field.Kind() == protoreflect.MessageKind && strings.HasPrefix(string(field.Message().FullName()), "stafett."):
			checked += checkCodes(t, field.Message())
		}
	}
	return checked
}

// codeRefused reports whether an unknown code in a field is a violation.
func codeRefused(message protoreflect.MessageDescriptor, field protoreflect.FieldDescriptor) bool {
	const unknown = 9999
	request := dynamicpb.NewMessage(message)
	if field.IsList() {
		request.Mutable(field).List().Append(protoreflect.ValueOfEnum(unknown))
	} else {
		request.Set(field, protoreflect.ValueOfEnum(unknown))
	}
	err := protovalidate.Validate(request)
	return err != nil && strings.Contains(err.Error(), string(field.Name()))
}
