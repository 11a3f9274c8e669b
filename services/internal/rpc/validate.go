package rpc

import (
	"errors"
	"fmt"
	"slices"

	"buf.build/go/protovalidate"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // the codec that tolerant wraps
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/refusal"
)

// validate refuses a request that breaks the rules beside its fields, or has invalid times.
func validate(request any) error {
	message, ok := request.(proto.Message)
	if !ok {
		return nil
	}
	if err := unmark(message); err != nil {
		return err
	}
	if err := checkTimes(message); err != nil {
		return err
	}
	err := protovalidate.Validate(message)
	var violations *protovalidate.ValidationError
	if errors.As(err, &violations) {
		all := wrongFields(message.ProtoReflect().Descriptor(), violations)
		return refusal.Fields(all[0], all[1:]...)
	}
	return err
}

// wrongFields has one violation for each wrong field, however many of its rules are
// broken.
func wrongFields(message protoreflect.MessageDescriptor, e *protovalidate.ValidationError) []refusal.Violation {
	var all []refusal.Violation
	for _, v := range e.Violations {
		field, problem := protovalidate.FieldPathString(v.Proto.GetField()), describe(message, v)
		if i := slices.IndexFunc(all, func(known refusal.Violation) bool { return known.Field == field }); i >= 0 {
			all[i].Problem += "; " + problem
			continue
		}
		all = append(all, refusal.Violation{Field: field, Problem: problem})
	}
	return all
}

// tolerant is the standard codec, except that it marks requests that are too large or not
// valid protobuf, so that they are refused with a reason like any other bad input. By itself
// gRPC would break off, or report an internal error.
type tolerant struct{ encoding.CodecV2 }

func (c tolerant) Unmarshal(data mem.BufferSlice, v any) error {
	message, ok := v.(proto.Message)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	switch {
	case data.Len() > maxRequest:
		mark(message, tooLarge)
	case c.CodecV2.Unmarshal(data, v) != nil:
		mark(message, malformed)
	}
	return nil
}

// A marked request has only this field, which no message has.
const markField = protowire.MaxValidNumber

// The values of a mark.
const (
	malformed = 1
	tooLarge  = 2
)

func mark(message proto.Message, says uint64) {
	proto.Reset(message)
	field := protowire.AppendTag(nil, markField, protowire.VarintType)
	message.ProtoReflect().SetUnknown(protowire.AppendVarint(field, says))
}

// unmark refuses a marked request.
func unmark(message proto.Message) error {
	number, _, n := protowire.ConsumeTag(message.ProtoReflect().GetUnknown())
	if n < 0 || number != markField {
		return nil
	}
	if says, _ := protowire.ConsumeVarint(message.ProtoReflect().GetUnknown()[n:]); says == tooLarge {
		return refusal.RequestTooLarge(fmt.Sprintf("a request has at most %d bytes; send less at once", maxRequest),
			"limit", fmt.Sprint(maxRequest))
	}
	return refusal.Field("request", "it is not a valid protobuf of this RPC; encode it with the published protos")
}
