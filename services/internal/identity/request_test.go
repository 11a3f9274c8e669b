package identity

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/services/internal/identity/pemfile"
)

// request writes a certificate request of a key for a name, if any.
func request(t *testing.T, key crypto.Signer, uri string) string {
	t.Helper()
	template := &x509.CertificateRequest{}
	if uri != "" {
		name, err := url.Parse(uri)
		if err != nil {
			t.Fatal(err)
		}
		template.URIs = []*url.URL{name}
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, key)
	if err != nil {
		t.Fatal(err)
	}
	return written(t, der)
}

func written(t *testing.T, der []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "request.csr")
	if err := pemfile.Write(path, pemfile.Request, der); err != nil {
		t.Fatal(err)
	}
	return path
}

// ecdsaFile makes a key of a line's own.
func ecdsaFile(t *testing.T) (string, *ecdsa.PrivateKey) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "own.key")
	key, err := pemfile.OpenKey(path, newKey)
	if err != nil {
		t.Fatal(err)
	}
	return path, key
}

// A line that keeps its key is known with it, and neither key nor certificate is replaced.
func TestALineKeepsItsKey(t *testing.T) {
	a := openAuthority(t)
	made := issue(t, a, Line, "bris")
	path, key := ecdsaFile(t)
	files, err := a.Answer(mustPeer(t, a, Line, "bris"), request(t, key, ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(made.Key); !os.IsNotExist(err) {
		t.Errorf("the key that the authority made is still there: %v", err)
	}
	issue(t, a, Line, "bris")
	files.Key = path
	leaf := leafOf(t, files)
	if left := time.Until(leaf.NotAfter); leaf.URIs[0].String() != mustPeer(t, a, Line, "bris").URI || left < 29*24*time.Hour {
		t.Errorf("the certificate is for %v and good for %v", leaf.URIs, left)
	}
	all, err := a.Expiries()
	if err != nil || len(all) != 1 || !all[0].Own || !all[0].Time.Equal(leaf.NotAfter) {
		t.Errorf("the expiries are %v, %v", all, err)
	}
}

func TestWhatARequestMayAskFor(t *testing.T) {
	a := openAuthority(t)
	_, key := ecdsaFile(t)
	bris, weak, changed := mustPeer(t, a, Line, "bris"), mustKey(rsa.GenerateKey(rand.Reader, 2048)), request(t, key, "")
	der, err := pemfile.Read(changed, pemfile.Request)
	if err != nil {
		t.Fatal(err)
	}
	der[len(der)-1] ^= 1
	for says, test := range map[string]struct {
		peer Peer
		path string
	}{
		"asks for the name":        {bris, request(t, key, mustPeer(t, a, Line, "brus").URI)},
		"has 2048 bits":            {bris, request(t, weak, "")},
		"makes its key itself":     {mustPeer(t, a, Service, "intake"), request(t, key, "")},
		"whose signature is right": {bris, written(t, der)},
		"holds no PEM block":       {bris, issue(t, a, Line, "brus").Cert},
		"no such file":             {bris, filepath.Join(t.TempDir(), "none")},
	} {
		if _, err := a.Answer(test.peer, test.path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	if _, err := os.Stat(a.Files(bris).Cert); !os.IsNotExist(err) {
		t.Errorf("a refused request left a certificate: %v", err)
	}
	_, edwards, _ := ed25519.GenerateKey(rand.Reader)
	for _, key := range []crypto.Signer{mustKey(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)), edwards} {
		if _, err := a.Answer(bris, request(t, key, bris.URI)); err != nil {
			t.Errorf("a %T: %v", key, err)
		}
	}
}

func mustKey[K any](key K, err error) K {
	if err != nil {
		panic(err)
	}
	return key
}
