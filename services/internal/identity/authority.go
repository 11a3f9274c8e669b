package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"

	"github.com/stafett/stafett/services/internal/identity/pemfile"
)

const (
	lifetime = 10 * 365 * 24 * time.Hour
	// skew is how far another machine's clock may lag behind ours.
	skew = time.Hour
)

// authorityFile is the authority's certificate in its folder.
const authorityFile = "ca.pem"

// Authority is the all-in-one's own certificate authority, kept in a folder.
// Whoever can read ca.key there can be any peer. One process at a time may use
// a folder.
type Authority struct {
	dir    string
	domain spiffeid.TrustDomain
	key    *ecdsa.PrivateKey
	cert   *x509.Certificate
}

// DefaultDomain is the trust domain of an authority created without a name.
const DefaultDomain = "stafett.local"

// OpenAuthority loads the authority in the folder dir, or creates one for the trust domain. It
// completes one whose creation was interrupted. An empty domain means that of the existing
// authority, or else DefaultDomain.
func OpenAuthority(dir, domain string) (*Authority, error) {
	a := &Authority{dir: dir}
	if domain != "" {
		trust, err := spiffeid.TrustDomainFromString(domain)
		if err != nil || trust.Name() != domain {
			return nil, fmt.Errorf("%q is not a trust domain; write a name such as stafett.example.org", domain)
		}
		a.domain = trust
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	return a, nil
}

// Missing reports whether a folder has no authority.
func Missing(dir string) (bool, error) {
	_, err := os.Stat(filepath.Join(dir, authorityFile))
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return false, err
}

func (a *Authority) open() error {
	der, err := pemfile.Read(a.path(authorityFile), pemfile.Certificate)
	if errors.Is(err, fs.ErrNotExist) {
		if a.domain.IsZero() {
			a.domain = spiffeid.RequireTrustDomainFromString(DefaultDomain)
		}
		return a.create()
	}
	if err != nil {
		return fmt.Errorf("read the authority's certificate: %w", err)
	}
	return a.load(der)
}

func (a *Authority) path(name string) string { return filepath.Join(a.dir, name) }

// create writes the certificate last: with it, the authority is complete.
func (a *Authority) create() (err error) {
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return fmt.Errorf("make the authority's folder: %w", err)
	}
	if a.key, err = pemfile.OpenKey(a.path("ca.key"), newKey); err != nil {
		return fmt.Errorf("open the authority's key: %w", err)
	}
	template := a.template()
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err != nil {
		return fmt.Errorf("sign the authority's certificate: %w", err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return err
	}
	return pemfile.Write(a.path(authorityFile), pemfile.Certificate, der)
}

func (a *Authority) template() *x509.Certificate {
	now := time.Now()
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: "Stafett authority of " + a.domain.Name()},
		URIs:                  []*url.URL{a.domain.ID().URL()},
		NotBefore:             now.Add(-skew),
		NotAfter:              now.Add(lifetime),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
}

func (a *Authority) load(der []byte) (err error) {
	if a.key, err = pemfile.ReadKey[*ecdsa.PrivateKey](a.path("ca.key")); err != nil {
		return fmt.Errorf("read the key of the authority's certificate in %s: %w", a.dir, err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return fmt.Errorf("%s is not a certificate: %w", a.path(authorityFile), err)
	}
	return a.check()
}

func (a *Authority) check() error {
	const remedy = "put back the files that belong together, or move the folder away to start a new authority"
	if !a.key.PublicKey.Equal(a.cert.PublicKey) {
		return fmt.Errorf("ca.key in %s is not the key of ca.pem: %s", a.dir, remedy)
	}
	id, err := x509svid.IDFromCert(a.cert)
	if a.domain.IsZero() {
		a.domain = id.TrustDomain()
	}
	if err != nil || id.TrustDomain() != a.domain {
		return fmt.Errorf("ca.pem in %s is not of the trust domain %s: %s", a.dir, a.domain, remedy)
	}
	if time.Now().After(a.cert.NotAfter) {
		return fmt.Errorf("ca.pem in %s expired on %s: move the folder away to start a new authority",
			a.dir, a.cert.NotAfter.Format(time.DateOnly))
	}
	return nil
}

func newKey() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }
