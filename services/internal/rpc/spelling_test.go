package rpc_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/rpc"
)

// TestARequestIDInCapitalsIsTheSame, in every command.
func TestARequestIDInCapitalsIsTheSame(t *testing.T) {
	id := uuid.NewString()
	commands := 0
	for _, m := range methods(t) {
		field := m.Input().Fields().ByName("request_id")
		if field == nil {
			continue
		}
		commands++
		small, capital := called(t, m, field, id), called(t, m, field, strings.ToUpper(id))
		if !bytes.Equal(small.RequestID, capital.RequestID) || !bytes.Equal(small.RequestHash, capital.RequestHash) {
			t.Errorf("%s takes a request id in capitals for another request", m.Name())
		}
		if other := called(t, m, field, uuid.NewString()); bytes.Equal(small.RequestHash, other.RequestHash) {
			t.Errorf("%s takes every request id for the same", m.Name())
		}
	}
	if commands < 40 {
		t.Errorf("only %d commands have a request id", commands)
	}
}

// called is the call that a request with nothing but an id makes.
func called(t *testing.T, m protoreflect.MethodDescriptor, field protoreflect.FieldDescriptor, id string) aggregate.Call {
	t.Helper()
	kind, err := protoregistry.GlobalTypes.FindMessageByName(m.Input().FullName())
	if err != nil {
		t.Fatal(err)
	}
	request := kind.New()
	request.Set(field, protoreflect.ValueOfString(id))
	call, err := rpc.Call(context.Background(), "", request.Interface().(rpc.Command))
	if err != nil {
		t.Fatal(err)
	}
	return call
}
