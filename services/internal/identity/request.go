package identity

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/stafett/stafett/services/internal/identity/pemfile"
)

// leastRSA is the smallest RSA key that is certified, in bits.
const leastRSA = 3072

// Answer certifies the key of a peer that keeps it to itself, from a PEM file with its request. From then
// on Issue leaves the peer alone: it asks again before the certificate expires. A key that the
// authority made for it before is deleted.
func (a *Authority) Answer(peer Peer, path string) (Files, error) {
	files := a.Files(peer)
	if peer.Kind == Service {
		return files, fmt.Errorf("%s is a service; the platform makes its key itself", peer.URI)
	}
	der, err := pemfile.Read(path, pemfile.Request)
	if err != nil {
		return files, err
	}
	request, err := x509.ParseCertificateRequest(der)
	if err == nil {
		err = request.CheckSignature()
	}
	if err != nil {
		return files, fmt.Errorf("%s is not a certificate request whose signature is right: %w", path, err)
	}
	if err := fits(request, peer); err != nil {
		return files, fmt.Errorf("%s: %w", path, err)
	}
	certificate, err := a.sign(leafTemplate(peer, nil), request.PublicKey)
	if err != nil {
		return files, fmt.Errorf("certify %s: %w", peer.URI, err)
	}
	return files, a.keep(files, der, certificate)
}

// keep stores the request first: with it, Issue does not replace what comes after.
func (a *Authority) keep(files Files, request, certificate []byte) error {
	if err := pemfile.Write(requestOf(files), pemfile.Request, request); err != nil {
		return err
	}
	if err := pemfile.Write(files.Cert, pemfile.Certificate, certificate); err != nil {
		return err
	}
	if err := os.Remove(files.Key); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func requestOf(files Files) string { return strings.TrimSuffix(files.Cert, ".pem") + ".csr" }

// keepsItsKey reports whether a peer's certificate answers a request of its own.
func keepsItsKey(files Files) bool {
	_, err := os.Stat(requestOf(files))
	return err == nil
}

// fits reports why a request is not the peer's, or has a key that is too weak.
func fits(request *x509.CertificateRequest, peer Peer) error {
	for _, uri := range request.URIs {
		if uri.String() != peer.URI {
			return fmt.Errorf("it asks for the name %s, and not for %s; leave the name out, or correct it", uri, peer.URI)
		}
	}
	switch key := request.PublicKey.(type) {
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return nil
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < leastRSA {
			return fmt.Errorf("its RSA key has %d bits, and needs %d; an ECDSA key on P-256 is shorter and faster", bits, leastRSA)
		}
		return nil
	}
	return fmt.Errorf("its key is a %T; make an ECDSA key on P-256, an Ed25519 key, or an RSA key of %d bits", request.PublicKey, leastRSA)
}
