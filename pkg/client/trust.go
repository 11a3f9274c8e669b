package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spiffe/go-spiffe/v2/bundle/x509bundle"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/refusal"
)

// trust is TLS that remembers why the latest connection failed for want of trust. gRPC
// itself reports such a failure as UNAVAILABLE, like a service that is down, and callers
// would repeat in vain.
type trust struct {
	credentials.TransportCredentials
	service string
	files   Credentials
	// failed has nil after a connection that worked, or that broke for another reason.
	failed *atomic.Pointer[status.Status]
}

func (t *trust) Clone() credentials.TransportCredentials {
	return &trust{t.TransportCredentials.Clone(), t.service, t.files, t.failed}
}

func (t *trust) ClientHandshake(ctx context.Context, authority string, raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	connection, info, err := t.TransportCredentials.ClientHandshake(ctx, authority, raw)
	if err != nil {
		t.note(err)
		return nil, nil, err
	}
	return &firstRead{Conn: connection, note: t.note}, info, nil
}

// note keeps what an error says about trust; nil forgets it.
func (t *trust) note(err error) {
	switch {
	case err == nil || interrupted(err) || errors.Is(err, errOwnFiles):
		t.failed.Store(nil)
	case isAlert(err):
		t.failed.Store(t.weAreRefused(err))
	default:
		t.failed.Store(status.Newf(codes.Unauthenticated, "what answers as %s is not the platform's: %v", t.service, err))
	}
}

// weAreRefused names the certificate that the service does not accept.
func (t *trust) weAreRefused(alert error) *status.Status {
	remedy := "must be from the platform's authority; renew it with \"stafett certify\""
	if own, err := t.files.GetX509SVID(); err == nil {
		leaf := own.Certificates[0]
		remedy = fmt.Sprintf("is for %s, valid from %s to %s", own.ID, leaf.NotBefore.UTC().Format(time.RFC3339), leaf.NotAfter.UTC().Format(time.RFC3339))
		if time.Now().After(leaf.NotAfter) {
			remedy += ", so it has expired; renew it with \"stafett certify\""
		}
	}
	s := status.Newf(codes.Unauthenticated, "%s refused a connection with our certificate %s: %v; the certificate %s", t.service, t.files.Cert, alert, remedy)
	unknown := refusal.IdentityUnknown("")
	detailed, err := s.WithDetails(&errdetails.ErrorInfo{Reason: unknown.Name(), Domain: refusal.Domain})
	if err != nil {
		return s
	}
	return detailed
}

func (t *trust) unary(ctx context.Context, method string, request, answer any, connection *grpc.ClientConn, call grpc.UnaryInvoker, options ...grpc.CallOption) error {
	return t.explained(call(ctx, method, request, answer, connection, options...))
}

func (t *trust) stream(ctx context.Context, stream *grpc.StreamDesc, connection *grpc.ClientConn, method string, open grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	opened, err := open(ctx, stream, connection, method, options...)
	return opened, t.explained(err)
}

// explained replaces UNAVAILABLE by the failure of trust behind it, if there is one. A server that
// refuses a certificate may close before its alert is read, so one that cannot be accepted is named all the same.
func (t *trust) explained(err error) error {
	if status.Code(err) != codes.Unavailable {
		return err
	}
	if failed := t.failed.Load(); failed != nil {
		return failed.Err()
	}
	if t.unacceptable() {
		return t.weAreRefused(err).Err()
	}
	return err
}

// unacceptable says whether no service can accept our certificate: it has expired, or it is not
// from the authority that we trust ourselves.
func (t *trust) unacceptable() bool {
	own, err := t.files.GetX509SVID()
	if err != nil {
		return false
	}
	authority, err := x509bundle.Load(own.ID.TrustDomain(), t.files.CA)
	if err != nil {
		return false
	}
	_, _, err = x509svid.Verify(own.Certificates, authority)
	return err != nil
}

// interrupted says whether a connection broke before anybody was recognised.
func interrupted(err error) bool {
	if isAlert(err) {
		return false
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// isAlert says whether the service refused the connection in TLS.
func isAlert(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && operation.Op == "remote error"
}

// firstRead notes how the first read of a connection ended. In TLS 1.3 that is where a
// client learns that the server did not accept its certificate.
type firstRead struct {
	net.Conn
	note func(error)
	done bool
}

func (f *firstRead) Read(into []byte) (int, error) {
	n, err := f.Conn.Read(into)
	if !f.done && (n > 0 || err != nil) {
		f.done = true
		f.note(err)
	}
	return n, err
}
