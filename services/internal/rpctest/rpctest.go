// Package rpctest serves RPCs to tests as the platform does: over TLS, to peers whom an
// authority certifies.
package rpctest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/identity/pemfile"
	"github.com/stafett/stafett/services/internal/limits"
	"github.com/stafett/stafett/services/internal/rpc"
)

// server is the name under which every test server is certified.
const server = "intake"

// Server is a server with an authority that certifies its callers.
type Server struct {
	Address string
	// Stop tells the server to stop; Ended is closed once it has.
	Stop  func()
	Ended chan struct{}
	// RPC is the server itself.
	RPC *rpc.Server

	logged    logged
	t         testing.TB
	authority *identity.Authority
	dir       string
}

// Serve serves services, with full names such as stafett.intake.v1.IntakeService, until the test
// ends.
func Serve(t testing.TB, register func(grpc.ServiceRegistrar) error, names ...protoreflect.FullName) *Server {
	t.Helper()
	s := &Server{t: t, dir: t.TempDir(), Ended: make(chan struct{})}
	var err error
	if s.authority, err = identity.OpenAuthority(s.dir, "stafett.example"); err != nil {
		t.Fatal(err)
	}
	config, err := identity.ServerTLS(s.Files(identity.Service, server))
	if err != nil {
		t.Fatal(err)
	}
	made, err := rpc.New(config, limits.New(0), slog.New(slog.NewTextHandler(&s.logged, nil)), names...)
	if err != nil {
		t.Fatal(err)
	}
	if err := register(made.Registrar()); err != nil {
		t.Fatal(err)
	}
	s.RPC = made
	s.listen(made)
	return s
}

func (s *Server) listen(made *rpc.Server) {
	s.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	s.Address = listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		if err := made.Serve(ctx, listener); err != nil {
			s.t.Errorf("the server ended with %v", err)
		}
		close(s.Ended)
	}()
	s.Stop = sync.OnceFunc(cancel)
	s.t.Cleanup(func() {
		s.Stop()
		<-s.Ended
	})
}

// Files certifies a peer.
func (s *Server) Files(kind identity.Kind, id string) identity.Files {
	s.t.Helper()
	peer, err := s.authority.Peer(kind, id)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.authority.Issue(peer, []string{"127.0.0.1"}); err != nil {
		s.t.Fatal(err)
	}
	return s.authority.Files(peer)
}

// Logged returns what the server has logged so far.
func (s *Server) Logged() string { return s.logged.String() }

// logged is a log that several goroutines write to.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// ExpiringFiles certifies a peer until an instant.
func (s *Server) ExpiringFiles(kind identity.Kind, id string, until time.Time) identity.Files {
	s.t.Helper()
	files := s.Files(kind, id)
	pair, err := tls.LoadX509KeyPair(files.Cert, files.Key)
	s.must(err)
	authority, err := tls.LoadX509KeyPair(files.CA, filepath.Join(s.dir, "ca.key"))
	s.must(err)
	leaf := pair.Leaf
	leaf.NotAfter = until
	der, err := x509.CreateCertificate(rand.Reader, leaf, authority.Leaf, leaf.PublicKey, authority.PrivateKey)
	s.must(err)
	s.must(pemfile.Write(files.Cert, pemfile.Certificate, der))
	return files
}

func (s *Server) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// Dial connects as a peer.
func (s *Server) Dial(kind identity.Kind, id string, options ...grpc.DialOption) *grpc.ClientConn {
	s.t.Helper()
	connection, err := client.Dial(s.Address, s.Files(kind, id), server, options...)
	return s.closing(connection, err)
}

// Anonymous connects without a certificate.
func (s *Server) Anonymous() *grpc.ClientConn {
	s.t.Helper()
	ca, err := os.ReadFile(identity.FilesIn(s.dir, identity.Service, server).CA)
	if err != nil {
		s.t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	config := &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: roots, ServerName: "127.0.0.1"}
	connection, err := grpc.NewClient(s.Address, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	return s.closing(connection, err)
}

// closing closes a connection with the test.
func (s *Server) closing(connection *grpc.ClientConn, err error) *grpc.ClientConn {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { connection.Close() })
	return connection
}
