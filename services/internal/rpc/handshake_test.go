package rpc

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"testing"
)

// TestARefusedCertificateFillsNoLog: whoever made it chose its names, and nobody has verified them.
func TestARefusedCertificateFillsNoLog(t *testing.T) {
	long := &url.URL{Scheme: "spiffe", Host: "stafett.example", Path: "/line/" + strings.Repeat("x", 10_000)}
	names := []*url.URL{long}
	for range 100 {
		names = append(names, &url.URL{Scheme: "spiffe", Host: "stafett.example", Path: "/line/other"})
	}
	var logged bytes.Buffer
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	newCounting(&tls.Config{}, nil, slog.New(slog.NewTextHandler(&logged, nil))).tell(near, &tls.CertificateVerificationError{
		UnverifiedCertificates: []*x509.Certificate{{URIs: names}}, Err: x509.UnknownAuthorityError{},
	})
	if !strings.Contains(logged.String(), "spiffe://stafett.example/line/xxx") || strings.Contains(logged.String(), "other") || logged.Len() > 2*longestPeer+200 {
		t.Errorf("%d bytes are logged: %.500s", logged.Len(), logged.String())
	}
}
