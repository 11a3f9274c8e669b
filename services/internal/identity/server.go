package identity

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"

	"github.com/stafett/stafett/services/internal/identity/pemfile"
)

// ServerTLS returns the settings for a server that presents the files' certificate and admits
// only peers of its own trust domain, certified by the files' CA. A peer without a certificate
// gets as far as the first call, so that it can be refused with a readable reason:
// PeerFromConnection returns no peer for it. A renewed certificate is used from the next
// connection on; a new CA needs a restart.
func ServerTLS(files Files) (*tls.Config, error) {
	own := &certificate{files: files}
	first, err := own.current()
	if err != nil {
		return nil, err
	}
	id, err := x509svid.IDFromCert(first.Leaf)
	if err != nil {
		return nil, fmt.Errorf("our certificate %s needs exactly one SPIFFE id: %w", files.Cert, err)
	}
	roots, err := loadRoots(files.CA)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:       tls.VersionTLS13,
		ClientAuth:       tls.VerifyClientCertIfGiven,
		ClientCAs:        roots,
		GetCertificate:   func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return own.current() },
		VerifyConnection: func(state tls.ConnectionState) error { return checkPeer(state, id.TrustDomain()) },
	}, nil
}

func checkPeer(state tls.ConnectionState, domain spiffeid.TrustDomain) error {
	if len(state.PeerCertificates) == 0 {
		return nil
	}
	caller, err := PeerFromConnection(state)
	if err != nil {
		return err
	}
	if theirs := spiffeid.RequireFromString(caller.URI).TrustDomain(); theirs != domain {
		return fmt.Errorf("the peer %s is not of the trust domain %s", caller.URI, domain)
	}
	return nil
}

func loadRoots(path string) (*x509.CertPool, error) {
	text, err := pemfile.Text(path)
	if err != nil {
		return nil, fmt.Errorf("read the authority's certificate: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no PEM certificate: put the authority's certificate there", path)
	}
	return roots, nil
}

// certificate is our own certificate, as it is on disk.
type certificate struct {
	files Files

	mu     sync.Mutex
	seen   os.FileInfo // of the certificate's file when it was loaded
	loaded *tls.Certificate
}

// current reloads the certificate when its file has changed. While the files cannot be loaded,
// perhaps because a renewal is half done, it returns the last certificate that could.
func (c *certificate) current() (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.reload()
	if c.loaded == nil {
		return nil, fmt.Errorf("load our certificate from %s and %s: %w", c.files.Cert, c.files.Key, err)
	}
	if err != nil {
		slog.Warn("cannot load our renewed certificate; still using the previous one", "file", c.files.Cert, "error", err)
	}
	return c.loaded, nil
}

func (c *certificate) reload() error {
	now, err := os.Stat(c.files.Cert)
	if err != nil {
		return err
	}
	if c.loaded != nil && os.SameFile(now, c.seen) && now.ModTime().Equal(c.seen.ModTime()) {
		return nil
	}
	loaded, err := tls.LoadX509KeyPair(c.files.Cert, c.files.Key)
	if err != nil {
		return err
	}
	c.seen, c.loaded = now, &loaded
	return nil
}
