package rpc_test

import (
	"context"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/refusal"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/rpctest"
)

const intakeName = "stafett.intake.v1.IntakeService"

// intake answers as the test wants.
type intake struct {
	intakev1.UnimplementedIntakeServiceServer
	open  func(context.Context, *intakev1.OpenConversationRequest) (*intakev1.OpenConversationResponse, error)
	watch func(*intakev1.WatchConversationRequest, grpc.ServerStreamingServer[intakev1.WatchConversationResponse]) error
}

func (s *intake) OpenConversation(ctx context.Context, r *intakev1.OpenConversationRequest) (*intakev1.OpenConversationResponse, error) {
	return s.open(ctx, r)
}

func (s *intake) WatchConversation(r *intakev1.WatchConversationRequest, stream grpc.ServerStreamingServer[intakev1.WatchConversationResponse]) error {
	return s.watch(r, stream)
}

func serve(t *testing.T, service *intake) *rpctest.Server {
	t.Helper()
	return rpctest.Serve(t, func(r grpc.ServiceRegistrar) error {
		intakev1.RegisterIntakeServiceServer(r, service)
		return nil
	}, intakeName)
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), logtest.Patience)
	t.Cleanup(cancel)
	return ctx
}

// refused checks code and reason of an answer, and that it says so as every
// refusal does.
func refused(t *testing.T, err error, code codes.Code, reason string) {
	t.Helper()
	if status.Code(err) != code || client.Reason(err) != reason {
		t.Errorf("answered %v with reason %q, want %v with %s", err, client.Reason(err), code, reason)
		return
	}
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.Domain != refusal.Domain {
			t.Errorf("the domain is %q, want %q", info.Domain, refusal.Domain)
		}
	}
}

// violations are the fields that an answer names.
func violations(err error) (fields []string) {
	for _, detail := range status.Convert(err).Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			for _, violation := range bad.FieldViolations {
				fields = append(fields, violation.Field)
			}
		}
	}
	return fields
}
