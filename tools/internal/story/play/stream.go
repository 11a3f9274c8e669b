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

// follow takes what a stream brings until the platform ends it. One that breaks
// is opened again, as long as the platform is away.
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

// drain takes what one stream brings. A break after it has brought something is
// no error, so that the pauses before it is opened again begin short.
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

// spawn runs a stream beside the story. An error of it is the story's, unless the
// story is over.
func (p *player) spawn(ctx context.Context, run func() error) {
	p.streams.Go(func() {
		if err := run(); err != nil && ctx.Err() == nil {
			p.board.fail(err)
		}
	})
}
