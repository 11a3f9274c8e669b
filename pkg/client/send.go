package client

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Send makes a command's call and repeats it as Retry does:
//
//	answer, err := client.Send(ctx, platform.Routing.AcceptOffer, request)
//
// It gives the request an id unless it has one. The request keeps it, so every repeat is
// the same command: also a later Send of the same message, after a restart of the caller
// if the request was stored.
func Send[Request proto.Message, Response any](ctx context.Context,
	call func(context.Context, Request, ...grpc.CallOption) (Response, error), request Request) (answer Response, err error) {
	if err := Identify(request); err != nil {
		return answer, err
	}
	err = Retry(ctx, func(ctx context.Context) (err error) {
		answer, err = call(ctx, request)
		return err
	})
	return answer, err
}

// Identify gives a command's request an id unless it has one. Store the request before
// the first Send if the command must survive a crash of the caller. It is an error if
// requests of this kind have no id: they change nothing and can be repeated as they are.
func Identify(request proto.Message) error {
	message := request.ProtoReflect()
	id := message.Descriptor().Fields().ByName("request_id")
	if id == nil {
		return fmt.Errorf("%s has no request id", message.Descriptor().FullName())
	}
	if message.Get(id).String() == "" {
		message.Set(id, protoreflect.ValueOfString(uuid.NewString()))
	}
	return nil
}
