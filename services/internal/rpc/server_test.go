package rpc_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/refusal"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/rpc"
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

// world is a server with an authority that certifies its callers.
type world struct {
	t         *testing.T
	authority *identity.Authority
	dir       string
	address   string
	// stop tells the server to stop; ended is closed once it has.
	stop  func()
	ended chan struct{}
}

func serve(t *testing.T, service *intake) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), ended: make(chan struct{})}
	var err error
	if w.authority, err = identity.OpenAuthority(w.dir, "stafett.example"); err != nil {
		t.Fatal(err)
	}
	config, err := identity.ServerTLS(w.files(identity.Service, "intake"))
	if err != nil {
		t.Fatal(err)
	}
	server, err := rpc.New(config, slog.New(slog.NewTextHandler(io.Discard, nil)), intakeName)
	if err != nil {
		t.Fatal(err)
	}
	intakev1.RegisterIntakeServiceServer(server.Registrar(), service)
	w.listen(server)
	return w
}

func (w *world) listen(server *rpc.Server) {
	w.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	w.address = listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		if err := server.Serve(ctx, listener); err != nil {
			w.t.Errorf("the server ended with %v", err)
		}
		close(w.ended)
	}()
	w.stop = sync.OnceFunc(cancel)
	w.t.Cleanup(func() {
		w.stop()
		<-w.ended
	})
}

// files certifies a peer.
func (w *world) files(kind identity.Kind, id string) identity.Files {
	w.t.Helper()
	peer, err := w.authority.Peer(kind, id)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.authority.Issue(peer, []string{"127.0.0.1"}); err != nil {
		w.t.Fatal(err)
	}
	return w.authority.Files(peer)
}

// dial connects as a peer.
func (w *world) dial(kind identity.Kind, id string, options ...grpc.DialOption) *grpc.ClientConn {
	w.t.Helper()
	connection, err := client.Dial(w.address, w.files(kind, id), "intake", options...)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { connection.Close() })
	return connection
}

// anonymous connects without a certificate.
func (w *world) anonymous() *grpc.ClientConn {
	w.t.Helper()
	ca, err := os.ReadFile(identity.FilesIn(w.dir, identity.Service, "intake").CA)
	if err != nil {
		w.t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	config := &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: roots, ServerName: "127.0.0.1"}
	connection, err := grpc.NewClient(w.address, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { connection.Close() })
	return connection
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
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
