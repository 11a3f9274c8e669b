package platform_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/platform"
)

// TestALostAuthorityIsNotReplaced without anybody asking for it: every line would be locked
// out.
func TestALostAuthorityIsNotReplaced(t *testing.T) {
	data := t.TempDir()
	if err := platform.Certify(data, "", apitest.FourLines(), nil); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(platform.IdentityFolder(data)); err != nil {
		t.Fatal(err)
	}
	err := platform.Certify(data, "", apitest.FourLines(), nil)
	if err == nil || !strings.Contains(err.Error(), "--new-authority") {
		t.Errorf("it certifies with %v", err)
	}
	if _, err := platform.Up(logtest.Context(t), platform.Config{Data: data}); err == nil {
		t.Error("it starts")
	}
	if err := platform.CreateAuthority(data, ""); err != nil {
		t.Fatal(err)
	}
	if err := platform.Certify(data, "", apitest.FourLines(), nil); err != nil {
		t.Errorf("with a new authority: %v", err)
	}
}

func TestKeysThatOthersCanReadAreReported(t *testing.T) {
	data, told := t.TempDir(), &bytes.Buffer{}
	if err := platform.Certify(data, "", nil, nil); err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(data, "signing", "intake.key")
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := platform.Up(logtest.Context(t), platform.Config{Data: data, Logger: slog.New(slog.NewTextHandler(told, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(told.String(), "can read a private key"); n != 1 || !strings.Contains(told.String(), open) {
		t.Errorf("it reports %d keys: %s", n, told)
	}
}

// Whatever was certified is renewed, or its owner is named, also lines that no file lists.
func TestEveryCertificateIsRenewedOrNamed(t *testing.T) {
	data := t.TempDir()
	if err := platform.Certify(data, "", apitest.FourLines(), nil); err != nil {
		t.Fatal(err)
	}
	sender, first := platform.Credentials(platform.IdentityFolder(data), "line", "sender"), platform.Credentials(platform.IdentityFolder(data), "line", "first")
	other, err := os.ReadFile(sender.Cert)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(first.Cert, other, 0o600); err != nil { // no longer current
		t.Fatal(err)
	}
	if _, err := platform.CertifyRequest(data, "line", "sender", requestFile(t)); err != nil {
		t.Fatal(err)
	}
	if err := platform.Certify(data, "", nil, nil); err != nil {
		t.Fatal(err)
	}
	if own, err := first.GetX509SVID(); err != nil || !strings.HasSuffix(own.ID.String(), "/line/first") {
		t.Errorf("the certificate of first was not renewed: %v", err)
	}
	for passed, want := range map[int]int{0: 30, 16: 14, 29: 1, 31: 0} {
		owners, err := platform.Expiries(data, time.Now().Add(time.Duration(passed)*24*time.Hour))
		if err != nil || len(owners) != 1 || owners[0].Days != want || !strings.HasSuffix(owners[0].Peer, "/line/sender") {
			t.Errorf("after %d days: %+v, %v; want sender with %d days", passed, owners, err, want)
		}
	}
}

// requestFile is a certificate request of a key that is kept nowhere.
func requestFile(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "own.csr")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
