package identity

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/services/internal/identity/pemfile"
)

func TestAuthoritySurvivesReopening(t *testing.T) {
	a := openAuthority(t)
	again := reopen(t, a)
	if !again.cert.Equal(a.cert) {
		t.Fatal("reopening made another CA")
	}
	if _, _, err := shake(t, serverTLS(t, a), clientTLS(t, again, "bris", "intake")); err != nil {
		t.Errorf("certificates from before and after reopening do not meet: %v", err)
	}
}

func TestHalfMadeAuthorityRecovers(t *testing.T) {
	a := openAuthority(t)
	if err := os.Remove(a.path("ca.pem")); err != nil {
		t.Fatal(err)
	}
	again := reopen(t, a)
	if !again.key.Equal(a.key) {
		t.Error("the key was made again, want the one that was there")
	}
	if third := reopen(t, a); !third.cert.Equal(again.cert) {
		t.Error("the recovered authority was not kept")
	}
}

func TestDamagedAuthorityIsRefused(t *testing.T) {
	other := openAuthority(t)
	for name, damage := range map[string]func(a *Authority) error{
		"no key":           func(a *Authority) error { return os.Remove(a.path("ca.key")) },
		"another's key":    func(a *Authority) error { return os.Rename(other.path("ca.key"), a.path("ca.key")) },
		"no PEM":           func(a *Authority) error { return os.WriteFile(a.path("ca.pem"), []byte("?"), 0o600) },
		"PEM, but no cert": func(a *Authority) error { return pemfile.Write(a.path("ca.pem"), pemfile.Certificate, []byte("?")) },
	} {
		a := openAuthority(t)
		if err := damage(a); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenAuthority(a.dir, domain); err == nil || !strings.Contains(err.Error(), a.dir) {
			t.Errorf("%s: OpenAuthority says %v, want an error about %s", name, err, a.dir)
		}
	}
}

func TestAuthorityOfAnotherDomainIsRefused(t *testing.T) {
	a := openAuthority(t)
	if _, err := OpenAuthority(a.dir, "elsewhere.example"); err == nil {
		t.Error("the authority was opened for another trust domain")
	}
	if _, err := OpenAuthority(t.TempDir(), "no domain"); err == nil {
		t.Error("an authority was made for something that is not a trust domain")
	}
}

func TestSecretsAreTheOwnersAlone(t *testing.T) {
	a := openAuthority(t)
	files := issue(t, a, Line, "bris")
	for path, want := range map[string]os.FileMode{
		a.dir: 0o700, filepath.Dir(files.Key): 0o700, a.path("ca.key"): 0o600, files.Key: 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has the mode %v, %v; want %v", path, info.Mode().Perm(), err, want)
		}
	}
}

func TestIssueCertifiesPeerAndHosts(t *testing.T) {
	a := openAuthority(t)
	leaf := leafOf(t, issue(t, a, Line, "bris"))
	if !slices.Equal(leaf.DNSNames, []string{"localhost"}) || leaf.VerifyHostname("127.0.0.1") != nil {
		t.Errorf("the hosts are %v and %v", leaf.DNSNames, leaf.IPAddresses)
	}
	if left := time.Until(leaf.NotAfter); left < 29*24*time.Hour || left > 30*24*time.Hour {
		t.Errorf("the certificate is good for %v, want 30 days", left)
	}
}

func TestIssueKeepsACurrentCertificate(t *testing.T) {
	a := openAuthority(t)
	first := leafOf(t, issue(t, a, Line, "bris"))
	if err := a.Issue(mustPeer(t, a, Line, "bris"), []string{"127.0.0.1", "localhost", "localhost"}); err != nil {
		t.Fatal(err)
	}
	if again := leafOf(t, a.Files(mustPeer(t, a, Line, "bris"))); !again.Equal(first) {
		t.Error("the certificate was issued again for the same hosts in another order")
	}
}

func TestIssueRenews(t *testing.T) {
	a, foreign := openAuthority(t), openAuthority(t)
	bris, cora := mustPeer(t, a, Line, "bris"), mustPeer(t, a, Line, "cora")
	week := 7 * 24 * time.Hour
	hosts := []string{"localhost", "127.0.0.1"}
	for name, old := range map[string]struct {
		by    *Authority
		peer  Peer
		hosts []string
		left  time.Duration
	}{
		"expires within a week": {a, bris, hosts, week - time.Minute},
		"other hosts":           {a, bris, hosts[:1], 4 * week},
		"another CA":            {foreign, bris, hosts, 4 * week},
		"another peer":          {a, cora, hosts, 4 * week},
	} {
		leaf := leafTemplate(old.peer, old.hosts)
		leaf.NotAfter = time.Now().Add(old.left)
		key, err := pemfile.OpenKey(a.Files(bris).Key, newKey)
		if err != nil {
			t.Fatal(err)
		}
		der, err := old.by.sign(leaf, key.Public())
		if err != nil {
			t.Fatal(err)
		}
		if err := pemfile.Write(a.Files(bris).Cert, pemfile.Certificate, der); err != nil {
			t.Fatal(err)
		}
		renewed := leafOf(t, issue(t, a, Line, "bris"))
		if renewed.Equal(mustParse(t, der)) {
			t.Errorf("%s: the certificate was kept, want another", name)
		}
		if !key.PublicKey.Equal(renewed.PublicKey) {
			t.Errorf("%s: the renewal changed the key", name)
		}
	}
}

func TestIssueRefusesPeersThatAreNotItsOwn(t *testing.T) {
	a := openAuthority(t)
	for _, peer := range []Peer{
		{},
		{Kind: Line, ID: "bris", URI: "spiffe://elsewhere.example/line/bris"},
		{Kind: Line, ID: "bris", URI: "spiffe://stafett.example/operator/bris"},
		{Kind: Line, ID: "../operator/bris", URI: "spiffe://stafett.example/line/../operator/bris"},
	} {
		if err := a.Issue(peer, nil); err == nil {
			t.Errorf("Issue certified %+v", peer)
		}
	}
}

func openAuthority(t *testing.T) *Authority {
	t.Helper()
	a, err := OpenAuthority(filepath.Join(t.TempDir(), "ca"), domain)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func reopen(t *testing.T, a *Authority) *Authority {
	t.Helper()
	again, err := OpenAuthority(a.dir, domain)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func mustPeer(t *testing.T, a *Authority, kind Kind, id string) Peer {
	t.Helper()
	peer, err := a.Peer(kind, id)
	if err != nil {
		t.Fatal(err)
	}
	return peer
}

func leafOf(t *testing.T, files Files) *x509.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(files.Cert, files.Key)
	if err != nil {
		t.Fatal(err)
	}
	return pair.Leaf
}

func mustParse(t *testing.T, der []byte) *x509.Certificate {
	t.Helper()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}
