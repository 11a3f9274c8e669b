package rpc_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/rpc"
)

func TestEveryReasonHasACode(t *testing.T) {
	for number, name := range handoverv1.RefusalReason_name {
		if number == 0 {
			continue
		}
		told := &refusal.Error{Reason: handoverv1.RefusalReason(number), Message: "no",
			Metadata: map[string]string{"x": "y"}, Violations: []refusal.Violation{{Field: "f", Problem: "no"}}}
		for _, err := range []error{told, fmt.Errorf("wrapped: %w", told), errors.Join(told, errors.New("more"))} {
			answer := rpc.ToStatus(err)
			if code := status.Code(answer); code == codes.Unknown || code == codes.OK {
				t.Errorf("%s has code %v", name, code)
			}
			refused(t, answer, status.Code(answer), strings.TrimPrefix(name, "REFUSAL_REASON_"))
			if !slices.Equal(violations(answer), []string{"f"}) {
				t.Errorf("%s names %v, want f", name, violations(answer))
			}
		}
	}
}

func TestOtherErrors(t *testing.T) {
	timedOut := fmt.Errorf("%w: %w", eventlog.ErrUnknown, context.DeadlineExceeded)
	cases := map[string]struct {
		err    error
		code   codes.Code
		reason string
	}{
		"nothing":              {nil, codes.OK, ""},
		"the caller went away": {fmt.Errorf("while waiting: %w", context.Canceled), codes.Canceled, ""},
		"too slow":             {context.DeadlineExceeded, codes.DeadlineExceeded, ""},
		"the log is away":      {fmt.Errorf("x: %w", eventlog.ErrUnknown), codes.Unavailable, "LOG_UNAVAILABLE"},
		"the log is silent":    {timedOut, codes.Unavailable, "LOG_UNAVAILABLE"},
		"conflict, then away":  {errors.Join(eventlog.ErrConflict, timedOut), codes.Unavailable, "LOG_UNAVAILABLE"},
		"gRPC's own":           {status.Error(codes.ResourceExhausted, "too much"), codes.ResourceExhausted, ""},
		"anything else":        {errors.New("secret"), codes.Internal, "INTERNAL"},
	}
	for name, c := range cases {
		answer := rpc.ToStatus(c.err)
		t.Log(name)
		refused(t, answer, c.code, c.reason)
		if answer != nil && strings.Contains(answer.Error(), "secret") {
			t.Errorf("%s: %v tells of what is inside", name, answer)
		}
	}
}

func TestAPanicEndsItsCallAlone(t *testing.T) {
	service := welcoming()
	welcome := service.open
	service.open = func(ctx context.Context, r *intakev1.OpenConversationRequest) (*intakev1.OpenConversationResponse, error) {
		if r.Child == "boom" {
			panic("secret")
		}
		return welcome(ctx, r)
	}
	service.watch = func(*intakev1.WatchConversationRequest, watching) error { panic("secret") }
	connection := serve(t, service).Dial(identity.Line, "bris")
	peer := intakev1.NewIntakeServiceClient(connection)
	request := opening()
	request.Child = "boom"
	_, called := peer.OpenConversation(soon(t), request)
	for _, err := range []error{called, watch(t, connection)} {
		refused(t, err, codes.Internal, "INTERNAL")
		if strings.Contains(err.Error(), "secret") || len(status.Convert(err).Details()) != 1 {
			t.Errorf("%v tells of what is inside", err)
		}
	}
	if _, err := peer.OpenConversation(soon(t), opening()); err != nil {
		t.Errorf("the next call: %v", err)
	}
}
