// Package postgres is the same warm handover as a good team would write it on PostgreSQL, to
// compare with: the same API with mutual TLS and checked requests, one transaction for each
// step, which locks the conversation's row, updates its state and inserts a row that is signed
// and chained by hash, and LISTEN and NOTIFY for the watches.
//
// It knows only the steps of a warm handover that succeeds: no deadlines, no ranking of lines,
// no replay. So it is a lower bound for such a system.
package postgres

import (
	"context"
	"crypto/ed25519"
	"errors"
	"net"

	"buf.build/go/protovalidate"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/bench/internal/mtls"
)

// service is what intake and routing share.
type service struct {
	address  string
	pool     *pgxpool.Pool
	key      ed25519.PrivateKey
	watchers watchers
}

// Server serves the handover on a cluster.
type Server struct {
	*service
	servers   []*grpc.Server
	addresses client.Addresses
	stop      context.CancelFunc
}

// Serve starts the services, with the certificates that files returns by service.
func Serve(ctx context.Context, address string, files func(service string) client.Credentials) (_ *Server, err error) {
	s := &Server{service: &service{address: address, watchers: watchers{open: map[string]map[chan string]bool{}}}}
	if s.key, err = newKey(); err != nil {
		return nil, err
	}
	if s.pool, err = connect(ctx, address); err != nil {
		return nil, err
	}
	listening, stop := context.WithCancel(context.Background())
	s.stop = stop
	if err := s.follow(listening); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, errors.Join(s.serve("intake", files("intake"), &s.addresses.Intake, func(server *grpc.Server) {
		intakev1.RegisterIntakeServiceServer(server, intake{service: s.service})
	}), s.serve("routing", files("routing"), &s.addresses.Routing, func(server *grpc.Server) {
		routingv1.RegisterRoutingServiceServer(server, routing{service: s.service})
		routingv1.RegisterDirectoryServiceServer(server, routing{service: s.service})
	}))
}

// follow returns once notifications arrive.
func (s *Server) follow(ctx context.Context) error {
	ready, failed := make(chan struct{}), make(chan error, 1)
	go func() { failed <- s.listen(ctx, ready) }()
	select {
	case <-ready:
		return nil
	case err := <-failed:
		return err
	}
}

// Addresses says where the services listen. There is neither triage nor audit.
func (s *Server) Addresses() client.Addresses { return s.addresses }

// Close ends the services and their connections to PostgreSQL.
func (s *Server) Close() error {
	s.stop()
	for _, server := range s.servers {
		server.Stop()
	}
	s.pool.Close()
	return nil
}

func (s *Server) serve(name string, files client.Credentials, address *string, register func(*grpc.Server)) error {
	server, err := mtls.Server(files, grpc.UnaryInterceptor(checked))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	register(server)
	*address, s.servers = listener.Addr().String(), append(s.servers, server)
	go server.Serve(listener)
	return nil
}

// checked refuses requests that break the rules beside their fields.
func checked(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	if err := protovalidate.Validate(request.(proto.Message)); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	return handle(ctx, request)
}
