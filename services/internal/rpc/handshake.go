package rpc

import (
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"time"

	"google.golang.org/grpc/credentials"

	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/limits"
)

// counting is TLS that counts each connection from its arrival on, knows its caller from the
// handshake on, and closes the connection when the caller's certificate expires.
type counting struct {
	credentials.TransportCredentials
	limits *limits.Limits
	logger *slog.Logger
}

func newCounting(config *tls.Config, l *limits.Limits, logger *slog.Logger) counting {
	return counting{credentials.NewTLS(config), l, logger}
}

// caller is what gRPC knows of the other end of a connection.
type caller struct {
	credentials.TLSInfo
	*limits.Connection
	unknown error // why it has no identity
}

func (c counting) ServerHandshake(raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	arrived := c.limits.Arrive(raw)
	connection, info, err := c.TransportCredentials.ServerHandshake(raw)
	if err != nil {
		arrived.Left()
		c.tell(raw, err)
		return nil, nil, err
	}
	known := &caller{TLSInfo: info.(credentials.TLSInfo), Connection: arrived}
	peer, err := identity.PeerFromConnection(known.State)
	if err != nil {
		known.unknown = err
		arrived.Anonymous()
	} else {
		arrived.Identify(peer)
	}
	return leaving{connection, arrived, c.expiry(raw, known)}, known, nil
}

// longestPeer is how many bytes of a name are logged that nobody has verified.
const longestPeer = 200

// tell logs who was refused, and why. A connection that ends before it has begun is a probe.
func (c counting) tell(raw net.Conn, err error) {
	if errors.Is(err, io.EOF) {
		return
	}
	refused := []any{"from", raw.RemoteAddr().String(), "error", err}
	var unverified *tls.CertificateVerificationError
	if errors.As(err, &unverified) && len(unverified.UnverifiedCertificates) > 0 {
		if uris := unverified.UnverifiedCertificates[0].URIs; len(uris) > 0 {
			name := uris[0].String()
			refused = append(refused, "peer", name[:min(len(name), longestPeer)])
		}
	}
	c.logger.Warn("a connection was refused in TLS", refused...)
}

// expiry closes the connection when the caller's certificate expires, so that no stream outlives
// it. Whoever has renewed it connects again.
func (c counting) expiry(raw net.Conn, known *caller) *time.Timer {
	if known.unknown != nil {
		return nil
	}
	until := known.State.PeerCertificates[0].NotAfter
	return time.AfterFunc(time.Until(until), func() {
		c.logger.Warn("a connection was closed, because the caller's certificate has expired", "peer", known.Peer.URI, "expired", until)
		raw.Close()
	})
}

// leaving is a connection that says when it is closed.
type leaving struct {
	net.Conn
	counted *limits.Connection
	expiry  *time.Timer // nil for a caller without an identity
}

func (l leaving) Close() error {
	if l.expiry != nil {
		l.expiry.Stop()
	}
	l.counted.Left()
	return l.Conn.Close()
}
