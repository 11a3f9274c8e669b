package play

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
)

// follow consumes a stream until the platform ends it. It reopens a broken stream as long
// as the platform is unavailable.
func follow[R any](ctx context.Context, open func(context.Context) (grpc.ServerStreamingClient[R], error), take func(*R) error) error {
	for {
		ended := false
		err := client.Retry(ctx, func(ctx context.Context) error {
			stream, err := open(ctx)
			if err != nil {
				return err
			}
			ended, err = drain(stream, take)
			return err
		})
		if err != nil || ended {
			return err
		}
	}
}

// drain consumes one stream. A break after at least one message is not an error, so that
// the backoff starts short again.
func drain[R any](stream grpc.ServerStreamingClient[R], take func(*R) error) (ended bool, err error) {
	for brought := false; ; brought = true {
		response, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case brought && status.Code(err) == codes.Unavailable:
			return false, nil
		case err != nil:
			return false, err
		}
		if err := take(response); err != nil {
			return false, err
		}
	}
}

// spawn runs a stream beside the story. Its error fails the story, unless the story is
// over.
func (p *player) spawn(ctx context.Context, run func() error) {
	p.streams.Go(func() {
		if err := run(); err != nil && ctx.Err() == nil {
			p.board.fail(err)
		}
	})
}
