package rpc

import (
	"crypto/tls"
	"net"

	"google.golang.org/grpc/credentials"

	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/limits"
)

// counting is TLS that counts each connection from its arrival on, and knows its caller from the
// handshake on.
type counting struct {
	credentials.TransportCredentials
	limits *limits.Limits
}

func newCounting(config *tls.Config, l *limits.Limits) counting {
	return counting{credentials.NewTLS(config), l}
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
	return leaving{connection, arrived}, known, nil
}

// leaving is a connection that says when it is closed.
type leaving struct {
	net.Conn
	counted *limits.Connection
}

func (l leaving) Close() error {
	l.counted.Left()
	return l.Conn.Close()
}
