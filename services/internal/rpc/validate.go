package rpc

import (
	"errors"
	"fmt"
	"strings"

	"buf.build/go/protovalidate"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // the codec that tolerant wraps
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// validate refuses a request that breaks the rules written beside its fields.
func validate(request any) error {
	message, ok := request.(proto.Message)
	if !ok {
		return nil
	}
	if isMalformed(message) {
		return invalid("request", "it is not a valid protobuf of this RPC; encode it with the published protos")
	}
	err := protovalidate.Validate(message)
	var violations *protovalidate.ValidationError
	if errors.As(err, &violations) {
		first := violations.Violations[0]
		field := protovalidate.FieldPathString(first.Proto.GetField())
		return invalid(field, describe(violations))
	}
	return err
}

func describe(e *protovalidate.ValidationError) string {
	var all []string
	for _, v := range e.Violations {
		all = append(all, fmt.Sprintf("%s: %s", protovalidate.FieldPathString(v.Proto.GetField()), v.Proto.GetMessage()))
	}
	return strings.Join(all, "; ")
}

func invalid(field, message string) error {
	return &handover.Refusal{
		Reason: handoverv1.RefusalReason_REFUSAL_REASON_FIELD_INVALID, Message: message,
		Metadata: map[string]string{"field": field},
	}
}

// tolerant is the standard codec, but for requests that are no protobuf: it
// marks them, so that they are refused with a reason like any other bad input.
// By itself gRPC would call them a fault of the server's.
type tolerant struct{ encoding.CodecV2 }

func (c tolerant) Unmarshal(data mem.BufferSlice, v any) error {
	err := c.CodecV2.Unmarshal(data, v)
	if message, ok := v.(proto.Message); ok && err != nil {
		proto.Reset(message)
		message.ProtoReflect().SetUnknown(malformedMark)
		return nil
	}
	return err
}

// malformedMark is a field that no message has.
var malformedMark = protowire.AppendVarint(protowire.AppendTag(nil, protowire.MaxValidNumber, protowire.VarintType), 1)

func isMalformed(message proto.Message) bool {
	return string(message.ProtoReflect().GetUnknown()) == string(malformedMark)
}
