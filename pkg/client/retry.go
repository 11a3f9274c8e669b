package client

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// tooLargeToSend is what gRPC says of a request above maxRequest.
const tooLargeToSend = "trying to send message larger than max"

// Reason returns why the platform refused a call: the reason of the
// google.rpc.ErrorInfo in the answer, such as "TOO_LATE" (see RefusalReason in
// stafett/handover/v1). It is empty if the error carries none. A request that is larger
// than a server reads is not sent, and named here.
func Reason(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	if s := status.Convert(err); s.Code() == codes.ResourceExhausted && strings.Contains(s.Message(), tooLargeToSend) {
		return "REQUEST_TOO_LARGE"
	}
	return ""
}

// Retry repeats a call while the platform is unavailable, contended or limits the caller,
// with growing and jittered pauses or those that the platform asks for, until the context
// ends; without a deadline, forever. It returns any other answer at once: also that one
// side does not accept the other's certificate (UNAUTHENTICATED).
//
// UNAVAILABLE leaves open whether the platform carried out the command. Repeating is
// safe because the request id identifies the request: build it once, outside call, and
// send it unchanged each time, or use Send.
func Retry(ctx context.Context, call func(context.Context) error) error {
	var last error
	attempt := func() (struct{}, error) {
		last = call(ctx)
		switch {
		case last != nil && !repeatable(last):
			return struct{}{}, backoff.Permanent(last)
		case pauseOf(last) > 0:
			return struct{}{}, &backoff.RetryAfterError{Duration: pauseOf(last)}
		}
		return struct{}{}, last
	}
	_, err := backoff.Retry(ctx, attempt, backoff.WithBackOff(pace()), backoff.WithMaxElapsedTime(0))
	if err == nil || errors.Is(err, last) {
		return err
	}
	return fmt.Errorf("gave up repeating the call: %w; the last answer was: %w", err, last)
}

// repeatable says whether the same request may succeed a little later.
func repeatable(err error) bool {
	if own := (callerError{}); errors.As(err, &own) {
		return false
	}
	return status.Code(err) == codes.Unavailable || Reason(err) == contended || pauseOf(err) > 0
}

// contended is the reason for a request that lost too many races.
const contended = "CONTENDED"

// pauseOf returns how long a limit asks the caller to wait (google.rpc.RetryInfo), or 0.
func pauseOf(err error) time.Duration {
	if status.Code(err) != codes.ResourceExhausted {
		return 0
	}
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok {
			return info.GetRetryDelay().AsDuration()
		}
	}
	return 0
}

func pace() backoff.BackOff {
	growing := backoff.NewExponentialBackOff()
	growing.InitialInterval = 100 * time.Millisecond
	growing.MaxInterval = 2 * time.Second
	return growing
}
