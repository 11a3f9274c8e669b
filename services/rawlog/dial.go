package rawlog

import (
	"bufio"
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// connectUnparsed opens a second connection with the options of a first one. Messages have
// their headers there as they are stored.
func connectUnparsed(first *nats.Conn) (*nats.Conn, error) {
	if strings.HasPrefix(first.ConnectedUrl(), "ws") {
		return nil, errors.New("headers as they are stored cannot be read through a web socket")
	}
	o := first.Opts
	o.AllowReconnect, o.RetryOnFailedConnect = false, false
	o.ConnectedCB, o.DisconnectedCB, o.ClosedCB, o.DiscoveredServersCB, o.LameDuckModeHandler = nil, nil, nil, nil, nil
	o.DisconnectedErrCB, o.AsyncErrorCB = nil, func(*nats.Conn, *nats.Subscription, error) {}
	if o.InProcessServer != nil {
		o.InProcessServer = inProcess{o.InProcessServer}
		return o.Connect()
	}
	o.SkipHostLookup = true // the certificate has the name, not the address
	o.CustomDialer = dialer{first.Opts}
	return o.Connect()
}

type inProcess struct{ nats.InProcessConnProvider }

func (p inProcess) InProcessConn() (net.Conn, error) {
	conn, err := p.InProcessConnProvider.InProcessConn()
	if err != nil {
		return nil, err
	}
	return newUnparsed(conn, nil), nil
}

// dialer does the client's TLS handshake, so that what it reads is not encrypted.
type dialer struct{ nats.Options }

// SkipTLSHandshake tells the client that Dial has done it.
func (d dialer) SkipTLSHandshake() bool { return true }

func (d dialer) Dial(network, address string) (net.Conn, error) {
	var plain nats.CustomDialer = cmp.Or(d.Dialer, &net.Dialer{})
	if d.CustomDialer != nil {
		plain = d.CustomDialer
	}
	conn, err := plain.Dial(network, address)
	if err != nil {
		return nil, err
	}
	begun, err := d.begin(conn, address)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return begun, nil
}

// begin reads the server's first line, and does the handshake that it may ask for.
func (d dialer) begin(conn net.Conn, address string) (net.Conn, error) {
	if err := conn.SetDeadline(time.Now().Add(d.Timeout)); err != nil {
		return nil, err
	}
	var info []byte
	if !d.TLSHandshakeFirst {
		var err error
		if info, err = bufio.NewReader(conn).ReadBytes('\n'); err != nil {
			return nil, err
		}
	}
	if d.Secure || d.TLSHandshakeFirst || strings.Contains(string(info), `"tls_required":true`) {
		secured, err := d.handshake(conn, address)
		if err != nil {
			return nil, err
		}
		conn = secured
	}
	return newUnparsed(conn, info), conn.SetDeadline(time.Time{})
}

func (d dialer) handshake(conn net.Conn, address string) (*tls.Conn, error) {
	config := &tls.Config{}
	if d.TLSConfig != nil {
		config = d.TLSConfig.Clone()
	}
	if d.TLSCertCB != nil {
		certificate, err := d.TLSCertCB()
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	if d.RootCAsCB != nil {
		roots, err := d.RootCAsCB()
		if err != nil {
			return nil, err
		}
		config.RootCAs = roots
	}
	if config.ServerName == "" {
		config.ServerName, _, _ = net.SplitHostPort(address)
	}
	secured := tls.Client(conn, config)
	if err := secured.Handshake(); err != nil {
		return nil, fmt.Errorf("%w: %w", nats.ErrTLS, err)
	}
	return secured, nil
}
