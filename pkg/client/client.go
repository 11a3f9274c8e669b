// Package client calls the Stafett platform from Go. It connects with mutual TLS to
// services identified by their SPIFFE ids, reads the reason of a refusal, and repeats
// calls safely.
package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// Dial returns a connection to the named service at the address. It connects on the
// first call, and reconnects by itself whenever the connection breaks. An error means
// bad credentials or a bad address. A service that does not respond shows as
// UNAVAILABLE in the calls, and one side's not accepting the other's certificate as
// UNAUTHENTICATED. The options come after Dial's own and override them.
func Dial(address string, files Credentials, service string, options ...grpc.DialOption) (*grpc.ClientConn, error) {
	config, err := ClientTLS(files, service)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", service, err)
	}
	trust := &trust{TransportCredentials: credentials.NewTLS(config), service: service, files: files, failed: &atomic.Pointer[status.Status]{}}
	own := []grpc.DialOption{
		grpc.WithTransportCredentials(trust),
		grpc.WithChainUnaryInterceptor(trust.unary),
		grpc.WithChainStreamInterceptor(trust.stream),
		grpc.WithContextDialer(dialer),
		grpc.WithKeepaliveParams(pings),
		grpc.WithConnectParams(reconnect),
		grpc.WithDefaultCallOptions(grpc.MaxCallSendMsgSize(maxRequest)),
	}
	connection, err := grpc.NewClient(address, append(own, options...)...)
	if err != nil {
		return nil, fmt.Errorf("dial %s at %q: %w", service, address, err)
	}
	return connection, nil
}

// maxRequest is the largest request in bytes that a server reads, and so can refuse with a
// reason of its own.
const maxRequest = 1 << 20

// pings detect within 13 seconds a server that hangs on a machine that still responds;
// gRPC allows one ping per 10 seconds at most. Servers must permit them:
// keepalive.EnforcementPolicy with MinTime of at most 10 seconds and
// PermitWithoutStream.
var pings = keepalive.ClientParameters{
	Time:                10 * time.Second,
	Timeout:             3 * time.Second,
	PermitWithoutStream: true,
}

// reconnect retries soon, so that a restarted service does not wait two minutes, gRPC's
// default, for its lines.
var reconnect = grpc.ConnectParams{
	Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 3 * time.Second},
	MinConnectTimeout: 5 * time.Second,
}

// dialer detects a lost machine or network within 10 seconds, by TCP keepalive: 4
// seconds of silence, then three probes.
func dialer(ctx context.Context, address string) (net.Conn, error) {
	probing := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 4 * time.Second, Interval: 2 * time.Second, Count: 3,
	}}
	return probing.DialContext(ctx, "tcp", address)
}

// Platform holds a client for each service.
type Platform struct {
	Intake    intakev1.IntakeServiceClient
	Triage    triagev1.TriageServiceClient
	Routing   routingv1.RoutingServiceClient
	Directory routingv1.DirectoryServiceClient // served by routing
	Keys      routingv1.KeyServiceClient       // served by routing
	Audit     auditv1.AuditServiceClient

	// connections by the name of the service.
	connections map[string]*grpc.ClientConn
}

// Connect dials all four services. The caller must close the platform after use.
func Connect(at Addresses, files Credentials) (*Platform, error) {
	p := &Platform{connections: map[string]*grpc.ClientConn{}}
	var failed error
	dial := func(address, service string) *grpc.ClientConn {
		connection, err := Dial(address, files, service)
		if err != nil {
			failed = errors.Join(failed, err)
			return nil
		}
		p.connections[service] = connection
		return connection
	}
	p.Intake = intakev1.NewIntakeServiceClient(dial(at.Intake, "intake"))
	p.Triage = triagev1.NewTriageServiceClient(dial(at.Triage, "triage"))
	routing := dial(at.Routing, "routing")
	p.Routing, p.Directory = routingv1.NewRoutingServiceClient(routing), routingv1.NewDirectoryServiceClient(routing)
	p.Keys = routingv1.NewKeyServiceClient(routing)
	p.Audit = auditv1.NewAuditServiceClient(dial(at.Audit, "audit"))
	if failed != nil {
		return nil, errors.Join(failed, p.Close())
	}
	return p, nil
}

// Call calls a unary RPC of the platform by its descriptor, for programs that learn only
// while they run which RPC it is. It fills in the response.
func (p *Platform) Call(ctx context.Context, method protoreflect.MethodDescriptor, request, response proto.Message) error {
	service := strings.Split(string(method.FullName()), ".")[1] // of stafett.routing.v1.RoutingService.GetCustody
	connection := p.connections[service]
	if connection == nil {
		return fmt.Errorf("the platform has no service %q for %s", service, method.FullName())
	}
	return connection.Invoke(ctx, fmt.Sprintf("/%s/%s", method.Parent().FullName(), method.Name()), request, response)
}

// Close closes the connections and ends every call on them.
func (p *Platform) Close() error {
	var failed error
	for _, connection := range p.connections {
		failed = errors.Join(failed, connection.Close())
	}
	return failed
}
