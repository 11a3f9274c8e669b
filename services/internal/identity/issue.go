package identity

import (
	"crypto"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"net/url"
	"slices"
	"time"

	"github.com/spiffe/go-spiffe/v2/spiffeid"

	"github.com/stafett/stafett/services/internal/identity/pemfile"
)

const (
	leafLifetime = 30 * 24 * time.Hour
	renewBefore  = 7 * 24 * time.Hour
)

// Peer returns the peer with this name in the authority's trust domain.
func (a *Authority) Peer(kind Kind, id string) (Peer, error) {
	return Parse(fmt.Sprintf("%s/%s/%s", a.domain.IDString(), kind, id))
}

// Files returns the paths of the peer's certificate and key.
func (a *Authority) Files(peer Peer) Files { return FilesIn(a.dir, peer.Kind, peer.ID) }

// Issue makes sure that the peer has a certificate from this authority for the hosts (DNS
// names and IP addresses), with at least seven of its thirty days left. A renewal keeps the
// key, so that key and certificate always match; delete the key's file to get a new one. It leaves
// a peer alone that keeps its key to itself (see Answer).
func (a *Authority) Issue(peer Peer, hosts []string) error {
	if known, err := a.Peer(peer.Kind, peer.ID); err != nil || known != peer {
		return fmt.Errorf("cannot certify %q: it is not a peer of the trust domain %s", peer.URI, a.domain)
	}
	files, template := a.Files(peer), leafTemplate(peer, hosts)
	if keepsItsKey(files) || a.isCurrent(files, template) {
		return nil
	}
	key, err := pemfile.OpenKey(files.Key, newKey)
	if err != nil {
		return fmt.Errorf("open the key of %s: %w", peer.URI, err)
	}
	der, err := a.sign(template, key.Public())
	if err != nil {
		return fmt.Errorf("certify %s: %w", peer.URI, err)
	}
	return pemfile.Write(files.Cert, pemfile.Certificate, der)
}

func (a *Authority) sign(template *x509.Certificate, key crypto.PublicKey) ([]byte, error) {
	return x509.CreateCertificate(rand.Reader, template, a.cert, key, a.key)
}

func leafTemplate(peer Peer, hosts []string) *x509.Certificate {
	now := time.Now()
	leaf := &x509.Certificate{
		Subject:     pkix.Name{CommonName: peer.ID},
		URIs:        []*url.URL{spiffeid.RequireFromString(peer.URI).URL()},
		NotBefore:   now.Add(-skew),
		NotAfter:    now.Add(leafLifetime),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, host)
		}
	}
	return leaf
}

// isCurrent reports whether the files already hold what the template asks for. Unreadable
// files are not current, and are rewritten.
func (a *Authority) isCurrent(files Files, want *x509.Certificate) bool {
	have, err := tls.LoadX509KeyPair(files.Cert, files.Key)
	if err != nil {
		return false
	}
	leaf := have.Leaf
	return leaf.CheckSignatureFrom(a.cert) == nil &&
		time.Until(leaf.NotAfter) > renewBefore &&
		len(leaf.URIs) == 1 && leaf.URIs[0].String() == want.URIs[0].String() &&
		slices.Equal(names(leaf), names(want))
}

func names(leaf *x509.Certificate) []string {
	all := slices.Clone(leaf.DNSNames)
	for _, ip := range leaf.IPAddresses {
		all = append(all, ip.String())
	}
	slices.Sort(all)
	return slices.Compact(all)
}
