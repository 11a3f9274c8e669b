package rpc_test

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/rpc"
	"github.com/stafett/stafett/services/internal/rpctest"
)

type watching = grpc.ServerStreamingServer[intakev1.WatchConversationResponse]

// ends waits for the server to have stopped and says how long that took.
func ends(t *testing.T, w *rpctest.Server) time.Duration {
	t.Helper()
	began := time.Now()
	w.Stop()
	select {
	case <-w.Ended:
	case <-time.After(logtest.Patience):
		t.Fatal("the server does not stop")
	}
	return time.Since(began)
}

func TestWatchesEndWhenTheServerStops(t *testing.T) {
	begun := make(chan struct{})
	service := welcoming()
	service.watch = func(_ *intakev1.WatchConversationRequest, stream watching) error {
		close(begun)
		<-stream.Context().Done()
		return stream.Context().Err()
	}
	w := serve(t, service)
	connection := w.Dial(identity.Line, "bris")
	ended := make(chan error, 1)
	go func() { ended <- watch(t, connection) }()
	<-begun
	if took := ends(t, w); took >= rpc.StopWithin {
		t.Errorf("it took %v to stop, and nothing was in its way", took)
	}
	refused(t, <-ended, codes.Unavailable, "NOT_READY")
}

func TestACancelledWatchIsNotCalledUnready(t *testing.T) {
	begun, ended := make(chan struct{}), make(chan error, 1)
	service := welcoming()
	service.watch = func(_ *intakev1.WatchConversationRequest, stream watching) error {
		close(begun)
		<-stream.Context().Done()
		ended <- stream.Context().Err()
		return stream.Context().Err()
	}
	connection := serve(t, service).Dial(identity.Line, "bris")
	ctx, cancel := context.WithCancel(soon(t))
	stream, err := intakev1.NewIntakeServiceClient(connection).WatchConversation(ctx,
		&intakev1.WatchConversationRequest{Name: "conversations/00000000000000000000000000000000"})
	if err != nil {
		t.Fatal(err)
	}
	<-begun
	cancel()
	if err := <-ended; err == nil {
		t.Error("the server's watch goes on")
	}
	if _, err := stream.Recv(); err == nil {
		t.Error("the caller's watch goes on")
	}
}

// TestRunningCallsFinish before the server has stopped.
func TestRunningCallsFinish(t *testing.T) {
	begun, letGo := make(chan struct{}), make(chan struct{})
	w := serve(t, &intake{open: func(context.Context, *intakev1.OpenConversationRequest) (*intakev1.OpenConversationResponse, error) {
		close(begun)
		<-letGo
		return &intakev1.OpenConversationResponse{Recorded: &handoverv1.Recorded{Position: 7}}, nil
	}})
	peer := intakev1.NewIntakeServiceClient(w.Dial(identity.Line, "bris"))
	answered := make(chan error, 1)
	go func() {
		answer, err := peer.OpenConversation(soon(t), opening())
		if err == nil && answer.GetRecorded().GetPosition() != 7 {
			t.Errorf("answered %v", answer)
		}
		answered <- err
	}()
	<-begun
	w.Stop()
	close(letGo)
	if err := <-answered; err != nil {
		t.Errorf("a running call was cut off: %v", err)
	}
	<-w.Ended
}

// TestNothingHoldsUpTheStopForLong: a call that takes all the time it is given,
// and streams of gRPC's own services that nobody ends.
func TestNothingHoldsUpTheStopForLong(t *testing.T) {
	begun := make(chan struct{})
	w := serve(t, &intake{open: func(ctx context.Context, _ *intakev1.OpenConversationRequest) (*intakev1.OpenConversationResponse, error) {
		close(begun)
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	connection := w.Dial(identity.Line, "bris")
	go intakev1.NewIntakeServiceClient(connection).OpenConversation(soon(t), opening())
	health, err := healthv1.NewHealthClient(connection).Watch(soon(t), &healthv1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := health.Recv(); err != nil {
		t.Fatal(err)
	}
	if _, err := reflectionv1.NewServerReflectionClient(connection).ServerReflectionInfo(soon(t)); err != nil {
		t.Fatal(err)
	}
	<-begun
	if took := ends(t, w); took > rpc.StopWithin+time.Second {
		t.Errorf("it took %v to stop, want at most %v", took, rpc.StopWithin)
	}
}

func TestStoppedBeforeItServes(t *testing.T) {
	w := serve(t, welcoming())
	ends(t, w)
	_, err := intakev1.NewIntakeServiceClient(w.Dial(identity.Line, "bris")).OpenConversation(soon(t), opening())
	refused(t, err, codes.Unavailable, "")
}
