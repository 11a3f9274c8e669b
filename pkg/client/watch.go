package client

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Watch passes on what a watch streams, and opens a broken stream again after the last
// position that each has handled:
//
//	err := client.Watch(ctx, platform.Routing.WatchOffers, &routingv1.WatchOffersRequest{}, each)
//
// It returns nil once the platform ends the stream, as it does with WatchConversation
// when the conversation closes; otherwise the error of each, a refusal, or the end of the
// context. The request stays as it is. To continue after a restart of the caller, store
// the position of each response and begin with it as after_position.
func Watch[Request proto.Message, Response any, Positioned interface {
	*Response
	GetPosition() uint64
}](ctx context.Context, open func(context.Context, Request, ...grpc.CallOption) (grpc.ServerStreamingClient[Response], error),
	request Request, each func(*Response) error) error {
	request = proto.CloneOf(request)
	after := request.ProtoReflect().Descriptor().Fields().ByName("after_position")
	if after == nil {
		return fmt.Errorf("%s has no after_position", request.ProtoReflect().Descriptor().FullName())
	}
	for {
		ended := false
		err := Retry(ctx, func(ctx context.Context) error {
			stream, err := open(ctx, request)
			if err != nil {
				return err
			}
			ended, err = drain(stream, func(response *Response) error {
				if err := each(response); err != nil {
					return err
				}
				if position := Positioned(response).GetPosition(); position > request.ProtoReflect().Get(after).Uint() {
					request.ProtoReflect().Set(after, protoreflect.ValueOfUint64(position))
				}
				return nil
			})
			return err
		})
		if err != nil || ended {
			return unwrapped(err)
		}
	}
}

// drain consumes one stream. A break after at least one response is not an error, so that
// the pauses start short again.
func drain[Response any](stream grpc.ServerStreamingClient[Response], each func(*Response) error) (ended bool, err error) {
	for received := false; ; received = true {
		response, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case received && repeatable(err):
			return false, nil
		case err != nil:
			return false, err
		}
		if err := each(response); err != nil {
			return false, callerError{err}
		}
	}
}

// callerError is an error of the caller's own function, which ends a watch whatever its
// code.
type callerError struct{ error }

func unwrapped(err error) error {
	if own := (callerError{}); errors.As(err, &own) {
		return own.error
	}
	return err
}
