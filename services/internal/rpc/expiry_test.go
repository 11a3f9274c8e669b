package rpc_test

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

// TestAStreamEndsWithItsCertificate: a connection that was opened in time does not outlive the
// certificate. The next one is refused in TLS, and both are told to whoever runs the platform.
func TestAStreamEndsWithItsCertificate(t *testing.T) {
	service := welcoming()
	service.watch = func(_ *intakev1.WatchConversationRequest, stream grpc.ServerStreamingServer[intakev1.WatchConversationResponse]) error {
		if err := stream.Send(&intakev1.WatchConversationResponse{}); err != nil {
			return err
		}
		<-stream.Context().Done()
		return stream.Context().Err()
	}
	w, expires := serve(t, service), time.Now().Add(3*time.Second).Truncate(time.Second)
	connection, err := client.Dial(w.Address, w.ExpiringFiles(identity.Line, "bris", expires), "intake")
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	stream, err := intakev1.NewIntakeServiceClient(connection).WatchConversation(soon(t),
		&intakev1.WatchConversationRequest{Name: "conversations/" + strings.Repeat("0", 32)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Skipf("the machine was too slow to connect within three seconds: %v", err)
	}
	if _, err := stream.Recv(); status.Code(err) != codes.Unavailable || time.Now().Before(expires) {
		t.Errorf("%s before the certificate expires: %v", time.Until(expires), err)
	}
	if _, err := intakev1.NewIntakeServiceClient(connection).OpenConversation(soon(t), opening()); status.Code(err) != codes.Unauthenticated || !strings.Contains(err.Error(), "expired") {
		t.Errorf("afterwards: %v", err)
	}
	for _, told := range []string{"certificate has expired", "refused in TLS", "spiffe://stafett.example/line/bris"} {
		if !strings.Contains(w.Logged(), told) {
			t.Errorf("the log lacks %q:\n%s", told, w.Logged())
		}
	}
}
