package client

import (
	"crypto/tls"
	"errors"
	"fmt"

	"github.com/spiffe/go-spiffe/v2/bundle/x509bundle"
	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/spiffetls/tlsconfig"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"
)

// Credentials are the paths of the caller's certificate and key, and of the platform
// authority's certificate. All three are PEM files.
type Credentials struct {
	CA, Cert, Key string
}

// errOwnFiles may pass: a certificate that is being renewed does not match its key for a
// moment.
var errOwnFiles = errors.New("load our certificate")

// GetX509SVID reads the certificate and key from disk. Each new connection calls it, so
// a renewed certificate takes effect without a restart.
func (c Credentials) GetX509SVID() (*x509svid.SVID, error) {
	own, err := x509svid.Load(c.Cert, c.Key)
	if err != nil {
		return nil, fmt.Errorf("%w from %s and %s: %w", errOwnFiles, c.Cert, c.Key, err)
	}
	return own, nil
}

// ClientTLS returns the TLS settings for calling a service by its name, such as
// "intake". The server must present a certificate from the authority with the id
// spiffe://<our own domain>/service/<name>; its host name does not matter.
func ClientTLS(credentials Credentials, service string) (*tls.Config, error) {
	own, err := credentials.GetX509SVID()
	if err != nil {
		return nil, err
	}
	domain := own.ID.TrustDomain()
	server, err := spiffeid.FromSegments(domain, "service", service)
	if err != nil {
		return nil, fmt.Errorf("%q is not a service's name: %w", service, err)
	}
	authority, err := x509bundle.Load(domain, credentials.CA)
	if err != nil {
		return nil, fmt.Errorf("load the authority's certificate from %s: %w", credentials.CA, err)
	}
	config := tlsconfig.MTLSClientConfig(credentials, authority, tlsconfig.AuthorizeID(server))
	config.MinVersion = tls.VersionTLS13
	return config, nil
}
