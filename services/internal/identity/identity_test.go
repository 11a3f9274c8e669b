package identity

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"testing"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"
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

func TestPeerFromContext(t *testing.T) {
	a := openAuthority(t)
	state, _, err := shake(t, serverTLS(t, a), clientTLS(t, a, "bris", "intake"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := PeerFromContext(contextOf(credentials.TLSInfo{State: state}))
	if want := mustPeer(t, a, Line, "bris"); err != nil || got != want {
		t.Errorf("PeerFromContext = %+v, %v; want %+v", got, err, want)
	}
}

func TestPeerFromContextTrustsOnlyVerifiedCertificates(t *testing.T) {
	a := openAuthority(t)
	lax := serverTLS(t, a)
	lax.ClientAuth, lax.VerifyConnection = tls.RequireAnyClientCert, nil
	state, _, err := shake(t, lax, clientTLS(t, a, "bris", "intake"))
	if err != nil {
		t.Fatal(err)
	}
	for name, ctx := range map[string]context.Context{
		"no peer":            context.Background(),
		"no TLS":             contextOf(nil),
		"not verified":       contextOf(credentials.TLSInfo{State: state}),
		"before a handshake": contextOf(credentials.TLSInfo{}),
	} {
		if got, err := PeerFromContext(ctx); err == nil {
			t.Errorf("%s: PeerFromContext = %+v, want a refusal", name, got)
		}
	}
}

func contextOf(info credentials.AuthInfo) context.Context {
	return peer.NewContext(context.Background(), &peer.Peer{Addr: &net.TCPAddr{}, AuthInfo: info})
}
