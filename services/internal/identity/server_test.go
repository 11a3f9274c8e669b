package identity

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"strings"
	"testing"
	"time"
)

const domain = "stafett.example"

func TestServerRefusesOthers(t *testing.T) {
	a := openAuthority(t)
	foreign, err := OpenAuthority(t.TempDir(), domain)
	if err != nil {
		t.Fatal(err)
	}
	line := mustPeer(t, a, Line, "bris")
	forged := func(by *Authority, change func(*x509.Certificate)) *tls.Config {
		leaf := leafTemplate(line, nil)
		change(leaf)
		return presenting(forge(t, by, leaf))
	}
	for name, test := range map[string]struct {
		client *tls.Config
		reason string
	}{
		"foreign CA":       {forged(foreign, func(*x509.Certificate) {}), "unknown authority"},
		"expired":          {forged(a, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }), "expired"},
		"not yet valid":    {forged(a, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) }), "not yet valid"},
		"servers only":     {forged(a, func(c *x509.Certificate) { c.ExtKeyUsage = c.ExtKeyUsage[:1] }), "incompatible key usage"},
		"no URI SAN":       {forged(a, func(c *x509.Certificate) { c.URIs = nil }), "no URI SAN"},
		"two URI SANs":     {forged(a, uris("spiffe://stafett.example/line/bris", "spiffe://stafett.example/line/cora")), "more than one URI SAN"},
		"other domain":     {forged(a, uris("spiffe://elsewhere.example/line/bris")), "not of the trust domain"},
		"unknown kind":     {forged(a, uris("spiffe://stafett.example/child/bris")), "spiffe://<domain>/<kind>/<id>"},
		"the CA as a peer": {presenting(tls.Certificate{Certificate: [][]byte{a.cert.Raw}, PrivateKey: a.key}), "spiffe://<domain>/<kind>/<id>"},
		"TLS 1.2":          {capped(clientTLS(t, a, "bris", "intake")), "unsupported version"},
	} {
		_, _, err := shake(t, serverTLS(t, a), test.client)
		if err == nil || !strings.Contains(err.Error(), test.reason) {
			t.Errorf("%s: the server says %v, want a refusal with %q", name, err, test.reason)
		}
	}
}

func TestClientRefusesAnotherService(t *testing.T) {
	a := openAuthority(t)
	_, _, err := shake(t, serverTLS(t, a), clientTLS(t, a, "bris", "audit"))
	if err == nil {
		t.Error("a client of audit accepted the server of intake")
	}
}

func TestServerUsesARenewedCertificate(t *testing.T) {
	a := openAuthority(t)
	server, caller := serverTLS(t, a), clientTLS(t, a, "bris", "intake")
	first := serialOf(t, server, caller)
	if again := serialOf(t, server, caller); again != first {
		t.Fatalf("the certificate changed from %s to %s without a renewal", first, again)
	}
	renew(t, a)
	second := serialOf(t, server, caller)
	if second == first {
		t.Fatal("after the renewal the server still presents the old certificate")
	}
	if err := os.WriteFile(a.Files(mustPeer(t, a, Service, "intake")).Cert, []byte("half a certif"), 0o600); err != nil {
		t.Fatal(err)
	}
	if third := serialOf(t, server, caller); third != second {
		t.Errorf("with a broken file the server presents %s, want the last good one %s", third, second)
	}
}

func TestServerTLSNamesTheFileThatIsWrong(t *testing.T) {
	a := openAuthority(t)
	good := a.Files(mustPeer(t, a, Service, "intake"))
	serverTLS(t, a)
	for wrong, files := range map[string]Files{
		"absent-ca":   {CA: "absent-ca", Cert: good.Cert, Key: good.Key},
		"absent-cert": {CA: good.CA, Cert: "absent-cert", Key: good.Key},
		good.Key:      {CA: good.Key, Cert: good.Cert, Key: good.Key},
	} {
		if _, err := ServerTLS(files); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("ServerTLS says %v, want an error about %s", err, wrong)
		}
	}
}

// renew reissues the certificate of intake, as if it were about to expire.
func renew(t *testing.T, a *Authority) {
	t.Helper()
	if err := a.Issue(mustPeer(t, a, Service, "intake"), []string{"other.example"}); err != nil {
		t.Fatal(err)
	}
}

func serialOf(t *testing.T, server, caller *tls.Config) string {
	t.Helper()
	_, seen, err := shake(t, server, caller)
	if err != nil {
		t.Fatal(err)
	}
	return seen.PeerCertificates[0].SerialNumber.String()
}
