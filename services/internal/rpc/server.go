package rpc

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/services/internal/limits"
)

const (
	// maxRequest is the largest accepted request in bytes; fields have limits of their own.
	maxRequest = 256 << 10
	// maxRead is the largest request in bytes that is read, and so can be refused with a reason.
	// Beyond it gRPC itself breaks off. It bounds what a caller can make the server hold.
	maxRead = 1 << 20
	// callWithin bounds every call that is not a stream.
	callWithin = 10 * time.Second
	// connectionAge is how long a connection may last. The client then reconnects, and its
	// certificate is checked again.
	connectionAge = time.Hour
	// workers is how many goroutines answer calls one after the other, with stacks that have
	// grown already. Further calls at the same time get goroutines of their own.
	workers = 32
	// stopWithin is how long calls may go on after the server is told to stop.
	stopWithin = 3 * time.Second
)

// bounds are the limits that gRPC keeps by itself.
var bounds = []grpc.ServerOption{
	grpc.ConnectionTimeout(limits.Handshake), grpc.MaxConcurrentStreams(limits.StreamsPerConnection),
	grpc.MaxRecvMsgSize(maxRead), grpc.MaxHeaderListSize(limits.Headers), grpc.SharedWriteBuffer(true), grpc.NumStreamWorkers(workers),
	grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 2 * time.Second, PermitWithoutStream: true}),
	grpc.KeepaliveParams(keepalive.ServerParameters{
		Time: 5 * time.Second, Timeout: 5 * time.Second,
		MaxConnectionAge: connectionAge, MaxConnectionAgeGrace: callWithin,
	}),
}

type Server struct {
	grpc   *grpc.Server
	health *health.Server
	logger *slog.Logger
	names  []protoreflect.FullName
	access table
	now    func() time.Time
	// stopping is done when the server is told to stop, so that streams end.
	stopping context.Context
	stop     context.CancelFunc
}

// New builds the server of services with full names such as stafett.intake.v1.IntakeService.
// Register them on Registrar before Serve.
func New(tlsConfig *tls.Config, allowed *limits.Limits, logger *slog.Logger, names ...protoreflect.FullName) (*Server, error) {
	access, err := accessTable(names)
	if err != nil {
		return nil, err
	}
	s := &Server{health: health.NewServer(), logger: logger, names: names, access: access, now: time.Now}
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.grpc = grpc.NewServer(slices.Concat(bounds, []grpc.ServerOption{
		grpc.Creds(newCounting(tlsConfig, allowed, logger)), grpc.InTapHandle(s.tap),
		grpc.ForceServerCodecV2(tolerant{encoding.GetCodecV2("proto")}),
		grpc.UnaryInterceptor(s.unary), grpc.StreamInterceptor(s.stream),
		grpc.UnknownServiceHandler(unknown),
	})...)
	healthv1.RegisterHealthServer(s.grpc, s.health)
	reflection.Register(s.grpc)
	s.SetServing(true)
	return s, nil
}

// SetServing says in the health service whether commands can be recorded.
func (s *Server) SetServing(serving bool) {
	status := healthv1.HealthCheckResponse_NOT_SERVING
	if serving {
		status = healthv1.HealthCheckResponse_SERVING
	}
	s.health.SetServingStatus("", status)
	for _, name := range s.names {
		s.health.SetServingStatus(string(name), status)
	}
}

// Registrar is where the service's implementation is registered.
func (s *Server) Registrar() grpc.ServiceRegistrar { return s.grpc }

// Serve answers calls until the context ends, then lets running calls finish.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	context.AfterFunc(ctx, s.shutdown)
	if err := s.grpc.Serve(listener); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
		return err
	}
	return nil
}

func (s *Server) shutdown() {
	s.health.Shutdown()
	s.stop()
	timer := time.AfterFunc(stopWithin, s.grpc.Stop)
	defer timer.Stop()
	s.grpc.GracefulStop()
}

func (s *Server) unary(ctx context.Context, request any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (answer any, err error) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	defer func() { err = s.answered(ctx, info.FullMethod, began, err) }()
	defer s.recovered(info.FullMethod, &err)
	known := callerOf(ctx)
	known.Begin()
	defer known.End()
	if err := validate(request); err != nil {
		return nil, err
	}
	return handle(ctx, request)
}

func (s *Server) stream(server any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) (err error) {
	began := time.Now()
	ctx, cancel := context.WithCancel(stream.Context())
	defer cancel()
	defer context.AfterFunc(s.stopping, cancel)()
	defer func() { err = s.answered(ctx, info.FullMethod, began, err) }()
	defer s.recovered(info.FullMethod, &err)
	known := callerOf(ctx)
	if err := begin(known); err != nil {
		return err
	}
	defer known.Unwatch()
	known.Begin()
	defer known.End()
	return handle(server, &checkedStream{stream, ctx})
}

// checkedStream validates incoming messages and carries the caller.
type checkedStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s *checkedStream) Context() context.Context { return s.ctx }

func (s *checkedStream) RecvMsg(message any) error {
	if err := s.ServerStream.RecvMsg(message); err != nil {
		return err
	}
	return validate(message)
}

// answered turns an error into what the caller may see, and logs it with identifiers and codes
// only.
func (s *Server) answered(ctx context.Context, method string, began time.Time, err error) error {
	if err != nil && s.stopping.Err() != nil && errors.Is(err, context.Canceled) {
		err = refusal.NotReady("the service is shutting down; connect again")
	}
	answer := toStatus(withHelp(method, err))
	code := status.Code(answer)
	level := slog.LevelDebug
	if code == codes.Internal || code == codes.Unknown {
		level = slog.LevelError
	}
	attributes := []slog.Attr{slog.String("method", method), slog.String("peer", Caller(ctx).URI),
		slog.String("code", code.String()), slog.Duration("took", time.Since(began))}
	if reason := client.Reason(answer); reason != "" {
		attributes = append(attributes, slog.String("reason", reason))
	}
	if level == slog.LevelError {
		attributes = append(attributes, slog.Any("error", err))
	}
	s.logger.LogAttrs(ctx, level, "call", attributes...)
	return answer
}

// recovered turns a panic into an error, so that it ends only the call in which it happened.
func (s *Server) recovered(method string, err *error) {
	if cause := recover(); cause != nil {
		s.logger.Error("panic", slog.String("method", method), slog.String("stack", string(debug.Stack())))
		*err = fmt.Errorf("panic in %s: %v", method, cause)
	}
}
