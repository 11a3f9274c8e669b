package rpc

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc/tap"

	"github.com/stafett/stafett/pkg/refusal"
	accessv1 "github.com/stafett/stafett/proto/stafett/access/v1"
	"github.com/stafett/stafett/services/internal/limits"
)

// tap decides on a call as soon as its headers are there, before anything of its request is
// read. It runs in the connection's only reader: what waits here holds up the calls behind it, on that connection alone.
func (s *Server) tap(ctx context.Context, info *tap.Info) (context.Context, error) {
	if err := s.mayCall(ctx, info.FullMethodName); err != nil {
		return ctx, s.answered(ctx, info.FullMethodName, time.Now(), err)
	}
	return ctx, nil
}

func (s *Server) mayCall(ctx context.Context, method string) error {
	known := callerOf(ctx)
	if err := s.access.admit(known, method); err != nil {
		return err
	}
	class := s.access.limit(method)
	if wait := known.Take(class, s.now()); wait > 0 {
		time.Sleep(limits.RefusalTakes)
		return rateLimited(method, class, wait)
	}
	return nil
}

func rateLimited(method string, class accessv1.Limit, wait time.Duration) error {
	err := refusal.RateLimited(fmt.Sprintf("too many calls such as %s; ask again in %v with the same request id", method, wait.Round(time.Millisecond)),
		"method", method, "limit", class.String())
	err.RetryAfter = wait
	return err
}

// begin counts a stream of a caller, or refuses it.
func begin(known *caller) error {
	if known.Watch() {
		return nil
	}
	return refusal.TooManyStreams(fmt.Sprintf("a caller has at most %d streams, and %d on one connection; end one first, or use one stream for more",
		limits.WatchesPerCaller, limits.WatchesPerConnection),
		"per_caller", fmt.Sprint(limits.WatchesPerCaller), "per_connection", fmt.Sprint(limits.WatchesPerConnection))
}

// WatchPage is how many items a stream reads between two calls of Pace.
const WatchPage = limits.Page

// Pace waits until the streams of a stream's caller may read as many items, at most WatchPage. It fails
// once the stream has ended.
func Pace(ctx context.Context, items int) error {
	return callerOf(ctx).Pace(ctx, items)
}
