package client

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

func TestReason(t *testing.T) {
	refused, err := status.New(codes.FailedPrecondition, "too late").WithDetails(
		&errdetails.RequestInfo{}, &errdetails.ErrorInfo{Reason: "TOO_LATE", Domain: "stafett"})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"refused":        {refused.Err(), "TOO_LATE"},
		"wrapped":        {fmt.Errorf("accept the offer: %w", refused.Err()), "TOO_LATE"},
		"no details":     {status.Error(codes.Internal, "?"), ""},
		"no status":      {errors.New("?"), ""},
		"no error":       {nil, ""},
		"given up on it": {fmt.Errorf("%w; %w", context.Canceled, refused.Err()), "TOO_LATE"},
	} {
		if got := Reason(test.err); got != test.want {
			t.Errorf("%s: Reason = %q, want %q", name, got, test.want)
		}
	}
}

func TestRetryRepeatsWhileUnavailable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		err := Retry(t.Context(), func(context.Context) error {
			if calls++; calls < 20 {
				return status.Error(codes.Unavailable, "restarting")
			}
			return nil
		})
		if err != nil || calls != 20 {
			t.Errorf("after %d calls Retry says %v, want success after 20", calls, err)
		}
	})
}

func TestRetryReturnsOtherAnswersAtOnce(t *testing.T) {
	for _, want := range []error{
		nil,
		status.Error(codes.FailedPrecondition, "too late"),
		status.Error(codes.DeadlineExceeded, "?"),
		errors.New("no status"),
	} {
		calls := 0
		err := Retry(t.Context(), func(context.Context) error { calls++; return want })
		if err != want || calls != 1 {
			t.Errorf("after %d calls Retry says %v, want %v after one", calls, err, want)
		}
	}
}

func TestRetryWaitsAsLongAsALimitAsks(t *testing.T) {
	limited, err := status.New(codes.ResourceExhausted, "too many").WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(7 * time.Second)})
	contended, cerr := status.New(codes.Aborted, "contended").WithDetails(&errdetails.ErrorInfo{Reason: "CONTENDED"})
	if err := errors.Join(err, cerr); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		answer      error
		calls       int
		least, most time.Duration
	}{
		{limited.Err(), 2, 7 * time.Second, 7 * time.Second},
		{contended.Err(), 2, 0, time.Second},
		{status.Error(codes.ResourceExhausted, "no hint"), 1, 0, 0},
		{status.Error(codes.Aborted, "changed by another"), 1, 0, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			began, calls := time.Now(), 0
			Retry(t.Context(), func(context.Context) error {
				if calls++; calls > 1 {
					return nil
				}
				return test.answer
			})
			if took := time.Since(began); calls != test.calls || took < test.least || took > test.most {
				t.Errorf("%v: %d calls in %v", test.answer, calls, took)
			}
		})
	}
}

func TestRetryEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began, calls := time.Now(), 0
		err := Retry(ctx, func(context.Context) error { calls++; return status.Error(codes.Unavailable, "down") })
		if !errors.Is(err, context.DeadlineExceeded) || status.Code(err) != codes.Unavailable {
			t.Errorf("Retry says %v, want the deadline and the last answer", err)
		}
		if took := time.Since(began); took != time.Minute || calls < 20 || calls > 80 {
			t.Errorf("Retry made %d calls in %v, want some 30 to 60 in a minute", calls, took)
		}
	})
}

func TestRetryBridgesARestart(t *testing.T) {
	a := newAuthority(t)
	place := listen(t, "127.0.0.1:0")
	address := place.Addr().String()
	place.Close() // nothing listens there for now
	calls := healthv1.NewHealthClient(dial(t, address, a.issue(bris), "intake"))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	attempts := 0
	err := Retry(ctx, func(ctx context.Context) error {
		if attempts++; attempts == 2 {
			start(t, listen(t, address), serverTLS(t, a, a.issue(intake)))
		}
		_, err := calls.Check(ctx, &healthv1.HealthCheckRequest{})
		return err
	})
	if err != nil || attempts < 2 {
		t.Errorf("after %d attempts Retry says %v, want success after the start", attempts, err)
	}
}
