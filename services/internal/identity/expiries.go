package identity

import (
	"crypto/x509"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/stafett/stafett/services/internal/identity/pemfile"
)

// Expiry is when a certificate ends.
type Expiry struct {
	Peer Peer
	Time time.Time
	// Own means that the peer keeps its key, and must ask for the next certificate itself.
	Own bool
}

// Expiries lists the certificates in the authority's folder of all lines, auditors and operators. It goes on
// after one that cannot be read.
func (a *Authority) Expiries() (all []Expiry, failed error) {
	for _, kind := range []Kind{Line, Auditor, Operator} {
		paths, err := filepath.Glob(filepath.Join(a.dir, string(kind), "*.pem"))
		failed = errors.Join(failed, err)
		for _, path := range paths {
			one, err := a.expiry(kind, path)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s: %w", path, err))
				continue
			}
			all = append(all, one)
		}
	}
	return all, failed
}

func (a *Authority) expiry(kind Kind, path string) (Expiry, error) {
	peer, err := a.Peer(kind, strings.TrimSuffix(filepath.Base(path), ".pem"))
	if err != nil {
		return Expiry{}, err
	}
	der, err := pemfile.Read(path, pemfile.Certificate)
	if err != nil {
		return Expiry{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return Expiry{}, err
	}
	return Expiry{peer, leaf.NotAfter, keepsItsKey(a.Files(peer))}, nil
}
