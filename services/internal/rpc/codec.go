package rpc

import (
	"fmt"

	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // the codec that tolerant wraps
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/refusal"
)

// tolerant is the standard codec, except that it marks requests that are too large or not valid
// protobuf. gRPC decodes before any interceptor runs, and would answer RESOURCE_EXHAUSTED or
// INTERNAL without a reason, even to a peer that may not call the RPC.
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

// markField is the only field of a marked request; no message defines it.
const markField = protowire.MaxValidNumber

// What is wrong with a marked request.
const (
	malformed = 1
	tooLarge  = 2
)

func mark(message proto.Message, defect uint64) {
	proto.Reset(message)
	field := protowire.AppendTag(nil, markField, protowire.VarintType)
	message.ProtoReflect().SetUnknown(protowire.AppendVarint(field, defect))
}

// unmark refuses a marked request.
func unmark(message proto.Message) error {
	number, _, n := protowire.ConsumeTag(message.ProtoReflect().GetUnknown())
	if n < 0 || number != markField {
		return nil
	}
	if defect, _ := protowire.ConsumeVarint(message.ProtoReflect().GetUnknown()[n:]); defect == tooLarge {
		return refusal.RequestTooLarge(fmt.Sprintf("a request has at most %d bytes; send less at once", maxRequest),
			"limit", fmt.Sprint(maxRequest))
	}
	return refusal.Field("request", "not a valid message of this RPC; encode it with the published protos")
}
