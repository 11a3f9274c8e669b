package identity

import (
	"crypto/tls"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	got, err := Parse("spiffe://stafett.example/line/bris")
	want := Peer{Kind: Line, ID: "bris", URI: "spiffe://stafett.example/line/bris"}
	if err != nil || got != want {
		t.Fatalf("Parse = %+v, %v; want %+v", got, err, want)
	}
}

func TestParseRefusesOtherForms(t *testing.T) {
	const domain = "spiffe://stafett.example"
	for _, uri := range []string{
		"",
		"https://stafett.example/line/bris",
		"spiffe:///line/bris",
		domain,
		domain + "/line",
		domain + "/line/",
		domain + "/line/bris/",
		domain + "/line/bris/desk",
		domain + "/line/../service/routing",
		domain + "/child/bris",
		domain + "/Line/bris",
		domain + "/line/Bris",
		domain + "/line/4you",
		domain + "/line/bris?x=1",
		domain + "/line/bris\n",
		domain + "/line/" + strings.Repeat("a", 64),
	} {
		if got, err := Parse(uri); err == nil {
			t.Errorf("Parse(%q) = %+v, want a refusal", uri, got)
		}
	}
}

func TestPeerFromConnection(t *testing.T) {
	a := openAuthority(t)
	state, _, err := shake(t, serverTLS(t, a), clientTLS(t, a, "bris", "intake"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := PeerFromConnection(state)
	if want := mustPeer(t, a, Line, "bris"); err != nil || got != want {
		t.Errorf("PeerFromConnection = %+v, %v; want %+v", got, err, want)
	}
}

func TestPeerFromConnectionTrustsOnlyVerifiedCertificates(t *testing.T) {
	a := openAuthority(t)
	lax := serverTLS(t, a)
	lax.ClientAuth, lax.VerifyConnection = tls.RequireAnyClientCert, nil
	unverified, _, err := shake(t, lax, clientTLS(t, a, "bris", "intake"))
	if err != nil {
		t.Fatal(err)
	}
	for name, state := range map[string]tls.ConnectionState{"not verified": unverified, "before a handshake": {}} {
		if got, err := PeerFromConnection(state); err == nil {
			t.Errorf("%s: PeerFromConnection = %+v, want a refusal", name, got)
		}
	}
}
