package identity

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"testing"

	"github.com/stafett/stafett/pkg/client"
)

// shake connects the two over loopback, and returns what the server and the
// client saw, and the first refusal, the server's before the client's.
func shake(t *testing.T, server, caller *tls.Config) (atServer, atClient tls.ConnectionState, err error) {
	t.Helper()
	near, far := pipe(t)
	refusal := make(chan error, 1)
	s, c := tls.Server(near, server), tls.Client(far, caller)
	go func() {
		err := s.Handshake()
		if err != nil {
			near.Close()
		}
		refusal <- err
	}()
	refused := c.Handshake()
	if refused != nil {
		far.Close()
	}
	return s.ConnectionState(), c.ConnectionState(), errors.Join(<-refusal, refused)
}

func pipe(t *testing.T) (near, far net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if far, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if near, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { near.Close(); far.Close() })
	return near, far
}

func serverTLS(t *testing.T, a *Authority) *tls.Config {
	t.Helper()
	config, err := ServerTLS(issue(t, a, Service, "intake"))
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func clientTLS(t *testing.T, a *Authority, line, service string) *tls.Config {
	t.Helper()
	config, err := client.ClientTLS(issue(t, a, Line, line), service)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func issue(t *testing.T, a *Authority, kind Kind, id string) Files {
	t.Helper()
	peer := mustPeer(t, a, kind, id)
	if err := a.Issue(peer, []string{"localhost", "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	return a.Files(peer)
}

// forge has the authority certify anything at all.
func forge(t *testing.T, by *Authority, leaf *x509.Certificate) tls.Certificate {
	t.Helper()
	key, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	der, err := by.sign(leaf, key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// presenting offers the certificate even where the server asks for another CA's.
func presenting(own tls.Certificate) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify:   true,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &own, nil },
	}
}

func capped(config *tls.Config) *tls.Config {
	config.MinVersion, config.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	return config
}

func uris(all ...string) func(*x509.Certificate) {
	return func(leaf *x509.Certificate) {
		leaf.URIs = nil
		for _, text := range all {
			uri, err := url.Parse(text)
			if err != nil {
				panic(err)
			}
			leaf.URIs = append(leaf.URIs, uri)
		}
	}
}
