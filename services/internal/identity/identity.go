// Package identity identifies peers: every connection is mutual TLS 1.3, and a peer's name is
// the one SPIFFE id in its certificate. The package has the server's side and the all-in-one's
// own certificate authority; the client's side is pkg/client.
package identity

import (
	"crypto/tls"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"

	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"

	"github.com/stafett/stafett/pkg/client"
)

// Kind is a peer's role.
type Kind string

// The kinds of peers. The authorization table says which RPCs each may call.
const (
	Line     Kind = "line"
	Service  Kind = "service"
	Auditor  Kind = "auditor"
	Operator Kind = "operator"
)

// Peer is one end of a connection.
type Peer struct {
	Kind Kind
	ID   string
	URI  string // spiffe://<domain>/<kind>/<id>
}

var peerPath = regexp.MustCompile(`^/(line|service|auditor|operator)/([a-z][a-z0-9-]{0,62})$`)

// Parse parses spiffe://<domain>/<kind>/<id>, and refuses any other form.
func Parse(uri string) (Peer, error) {
	id, err := spiffeid.FromString(uri)
	if err != nil {
		return Peer{}, fmt.Errorf("%q is not a SPIFFE id: %w", uri, err)
	}
	return parse(id)
}

func parse(id spiffeid.ID) (Peer, error) {
	parts := peerPath.FindStringSubmatch(id.Path())
	if parts == nil {
		return Peer{}, fmt.Errorf("the SPIFFE id %q is not spiffe://<domain>/<kind>/<id>: "+
			"the kind is line, service, auditor or operator; the id is a-z, then up to 62 of a-z, 0-9 and -", id)
	}
	return Peer{Kind: Kind(parts[1]), ID: parts[2], URI: id.String()}, nil
}

// Files are the paths of a peer's certificate and key, and of the authority's certificate that
// it checks others against.
type Files = client.Credentials

// FilesIn returns the peer's files in an authority's folder.
func FilesIn(dir string, kind Kind, id string) Files {
	base := filepath.Join(dir, string(kind), id)
	return Files{CA: filepath.Join(dir, "ca.pem"), Cert: base + ".pem", Key: base + ".key"}
}

// PeerFromConnection returns the peer at the other end. It trusts verified chains only, so
// that it returns no peer on a server configured to accept any certificate.
func PeerFromConnection(state tls.ConnectionState) (Peer, error) {
	if len(state.VerifiedChains) == 0 {
		return Peer{}, errors.New("the peer presented no certificate, or the server verified none")
	}
	id, err := x509svid.IDFromCert(state.PeerCertificates[0])
	if err != nil {
		return Peer{}, fmt.Errorf("the peer's certificate needs exactly one SPIFFE id: %w", err)
	}
	return parse(id)
}

// OwnURI returns the SPIFFE URI in a peer's own certificate.
func OwnURI(files Files) (string, error) {
	own := &certificate{files: files}
	loaded, err := own.current()
	if err != nil {
		return "", err
	}
	id, err := x509svid.IDFromCert(loaded.Leaf)
	return id.String(), err
}
