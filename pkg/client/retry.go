package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Reason returns why the platform refused a call: the reason of the
// google.rpc.ErrorInfo in the answer, such as "TOO_LATE" (see RefusalReason in
// stafett/handover/v1). It is empty if the error carries none.
func Reason(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}

// Retry repeats a call while the answer is UNAVAILABLE, with growing and jittered
// pauses, until the context ends; without a deadline, forever. It returns any other
// answer at once.
//
// UNAVAILABLE leaves open whether the platform carried out the command. Repeating is
// safe because the request id identifies the request: build it once, outside call, and
// send it unchanged each time.
func Retry(ctx context.Context, call func(context.Context) error) error {
	var last error
	attempt := func() (struct{}, error) {
		last = call(ctx)
		if last == nil || status.Code(last) == codes.Unavailable {
			return struct{}{}, last
		}
		return struct{}{}, backoff.Permanent(last)
	}
	_, err := backoff.Retry(ctx, attempt, backoff.WithBackOff(pace()), backoff.WithMaxElapsedTime(0))
	if err == nil || errors.Is(err, last) {
		return err
	}
	return fmt.Errorf("gave up repeating the call: %w; the last answer was: %w", err, last)
}

func pace() backoff.BackOff {
	growing := backoff.NewExponentialBackOff()
	growing.InitialInterval = 100 * time.Millisecond
	growing.MaxInterval = 2 * time.Second
	return growing
}
