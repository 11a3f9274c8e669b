package rpc_test

import (
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/google/uuid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/limits"
	"github.com/stafett/stafett/services/internal/rpc"
)

// opening is a valid request.
func opening() *intakev1.OpenConversationRequest {
	return &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child",
	}
}

// welcoming answers who called.
func welcoming() *intake {
	return &intake{open: func(ctx context.Context, _ *intakev1.OpenConversationRequest) (*intakev1.OpenConversationResponse, error) {
		return &intakev1.OpenConversationResponse{Recorded: &handoverv1.Recorded{Name: rpc.Caller(ctx).URI}}, nil
	}}
}

// serviceNames are all services of the platform.
var serviceNames = []protoreflect.FullName{
	intakeName, "stafett.triage.v1.TriageService", "stafett.routing.v1.RoutingService", "stafett.routing.v1.DirectoryService", "stafett.routing.v1.KeyService", "stafett.audit.v1.AuditService",
}

func TestEveryRPCSaysWhoMayCallIt(t *testing.T) {
	build := func(name protoreflect.FullName) error {
		_, err := rpc.New(&tls.Config{}, limits.New(0), slog.New(slog.NewTextHandler(io.Discard, nil)), name)
		return err
	}
	for _, name := range serviceNames {
		if err := build(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := build("grpc.health.v1.Health"); err == nil || !strings.Contains(err.Error(), "grpc.health.v1.Health.Check declares no allowed peers") {
		t.Errorf("a service whose RPCs have no option: %v, want an error that names the RPC", err)
	}
	if err := build("stafett.intake.v1.NoService"); err == nil {
		t.Error("a service that is not there was built")
	}
}

func TestTheCallerIsWhomTheCertificateNames(t *testing.T) {
	w := serve(t, welcoming())
	answer, err := intakev1.NewIntakeServiceClient(w.Dial(identity.Line, "bris")).OpenConversation(soon(t), opening())
	if err != nil || answer.Recorded.Name != "spiffe://stafett.example/line/bris" {
		t.Errorf("%v, %v, want the line bris", answer, err)
	}
}

func TestWhoMayNotCall(t *testing.T) {
	w := serve(t, welcoming())
	for kind, connection := range map[string]*grpc.ClientConn{
		"auditor": w.Dial(identity.Auditor, "auditor"), "operator": w.Dial(identity.Operator, "operator"), "service": w.Dial(identity.Service, "routing"),
	} {
		t.Run(kind, func(t *testing.T) {
			peer := intakev1.NewIntakeServiceClient(connection)
			_, err := peer.OpenConversation(soon(t), opening())
			refused(t, err, codes.PermissionDenied, "PEER_NOT_ALLOWED")
			_, err = peer.OpenConversation(soon(t), &intakev1.OpenConversationRequest{})
			refused(t, err, codes.PermissionDenied, "PEER_NOT_ALLOWED")
			refused(t, watch(t, connection), codes.PermissionDenied, "PEER_NOT_ALLOWED")
		})
	}
}

func TestWithoutACertificate(t *testing.T) {
	w := serve(t, welcoming())
	connection := w.Anonymous()
	_, err := intakev1.NewIntakeServiceClient(connection).OpenConversation(soon(t), opening())
	refused(t, err, codes.Unauthenticated, "IDENTITY_UNKNOWN")
	refused(t, watch(t, connection), codes.Unauthenticated, "IDENTITY_UNKNOWN")
	refused(t, call(t, connection, "/no.Such/Method"), codes.Unauthenticated, "IDENTITY_UNKNOWN")
	_, err = healthv1.NewHealthClient(connection).Check(soon(t), &healthv1.HealthCheckRequest{})
	refused(t, err, codes.Unauthenticated, "IDENTITY_UNKNOWN")
	_, err = services(t, connection)
	refused(t, err, codes.Unauthenticated, "IDENTITY_UNKNOWN")
}

func TestUnknownRPCs(t *testing.T) {
	w := serve(t, welcoming())
	for _, method := range []string{"/no.Such/Method", "/" + intakeName + "/NoMethod", "/grpc.health.v1.Health/NoMethod", "/stafett.audit.v1.AuditService/ReplayCommits"} {
		for kind, connection := range map[string]*grpc.ClientConn{"line": w.Dial(identity.Line, "bris"), "auditor": w.Dial(identity.Auditor, "auditor")} {
			t.Run(kind+method, func(t *testing.T) {
				refused(t, call(t, connection, method), codes.Unimplemented, "RPC_UNKNOWN")
			})
		}
	}
}

// TestAnRPCThatTheServiceLacks is in the proto and not in the program.
func TestAnRPCThatTheServiceLacks(t *testing.T) {
	w := serve(t, welcoming())
	_, err := intakev1.NewIntakeServiceClient(w.Dial(identity.Line, "bris")).GetConversation(soon(t),
		&intakev1.GetConversationRequest{Name: "conversations/" + strings.Repeat("0", 32)})
	refused(t, err, codes.Unimplemented, "")
}

func TestHealthAndReflection(t *testing.T) {
	w := serve(t, welcoming())
	for _, kind := range []identity.Kind{identity.Line, identity.Auditor, identity.Operator, identity.Service} {
		connection := w.Dial(kind, "peer")
		for _, service := range []string{"", intakeName} {
			answer, err := healthv1.NewHealthClient(connection).Check(soon(t), &healthv1.HealthCheckRequest{Service: service})
			if err != nil || answer.Status != healthv1.HealthCheckResponse_SERVING {
				t.Errorf("%s: health of %q is %v, %v", kind, service, answer, err)
			}
		}
		names, err := services(t, connection)
		if err != nil || !strings.Contains(names, intakeName) {
			t.Errorf("%s: reflection lists %s, %v", kind, names, err)
		}
	}
}

// call calls an RPC by its name alone.
func call(t *testing.T, connection *grpc.ClientConn, method string) error {
	t.Helper()
	return connection.Invoke(soon(t), method, &emptypb.Empty{}, &emptypb.Empty{})
}

// watch begins a watch and returns how it ends.
func watch(t *testing.T, connection *grpc.ClientConn) error {
	t.Helper()
	stream, err := intakev1.NewIntakeServiceClient(connection).WatchConversation(soon(t),
		&intakev1.WatchConversationRequest{Name: "conversations/" + strings.Repeat("0", 32)})
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return err
}

// services are those that reflection lists.
func services(t *testing.T, connection *grpc.ClientConn) (string, error) {
	t.Helper()
	stream, err := reflectionv1.NewServerReflectionClient(connection).ServerReflectionInfo(soon(t))
	if err != nil {
		return "", err
	}
	// An error of sending is told by Recv.
	_ = stream.Send(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}})
	answer, err := stream.Recv()
	stream.CloseSend()
	return answer.GetListServicesResponse().String(), err
}
