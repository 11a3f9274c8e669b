package rpc

import (
	"context"
	"crypto/sha256"
	"path"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/services/internal/aggregate"
)

// Command is a request that is executed once per request id.
type Command interface {
	proto.Message
	GetRequestId() string
}

// Call describes a command on a conversation or a line: who wants what, under which request
// id. The hash covers caller, RPC and the entire request, whose request id is written in the one
// way in which all spellings of a UUID are the same.
func Call(ctx context.Context, target string, request Command) (aggregate.Call, error) {
	id, err := uuid.Parse(request.GetRequestId())
	if err != nil || id == uuid.Nil {
		return aggregate.Call{}, refusal.Field("request_id", "it must be a UUID other than zero; make a random one for each command")
	}
	spell(request, id)
	method, _ := grpc.Method(ctx)
	caller := Caller(ctx).URI
	body, err := proto.MarshalOptions{Deterministic: true}.Marshal(request)
	if err != nil {
		return aggregate.Call{}, err
	}
	hash := sha256.New()
	for _, part := range []string{caller, method, string(body)} {
		sum := sha256.Sum256([]byte(part))
		hash.Write(sum[:])
	}
	return aggregate.Call{
		Target: target, Caller: caller, Command: path.Base(method),
		RequestID: id[:], RequestHash: hash.Sum(nil)[:16],
	}, nil
}

// spell writes a request's id in lower case.
func spell(request Command, id uuid.UUID) {
	if text := id.String(); text != request.GetRequestId() {
		message := request.ProtoReflect()
		message.Set(message.Descriptor().Fields().ByName("request_id"), protoreflect.ValueOfString(text))
	}
}

// ParseName parses a resource name, and refuses an invalid one.
func ParseName(name string) (handover.ResourceName, error) {
	parsed, err := handover.ParseName(name)
	if err != nil {
		return parsed, refusal.Field("name", err.Error())
	}
	return parsed, nil
}
