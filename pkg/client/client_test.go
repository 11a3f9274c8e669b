package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

var (
	bris   = []string{domain + "/line/bris"}
	intake = []string{domain + "/service/intake"}
)

func TestDialCallsTheService(t *testing.T) {
	a := newAuthority(t)
	connection := dial(t, serve(t, a, a.issue(intake)), a.issue(bris), "intake")
	for range 2 {
		if err := check(t, connection); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDialRefusesOtherServers(t *testing.T) {
	a, foreign := newAuthority(t), newAuthority(t)
	expired := func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }
	for name, test := range map[string]struct {
		server Credentials
		reason string
	}{
		"another service":  {a.issue([]string{domain + "/service/audit"}), "unexpected ID"},
		"a line":           {a.issue([]string{domain + "/line/intake"}), "unexpected ID"},
		"another domain":   {a.issue([]string{"spiffe://elsewhere.example/service/intake"}), "no X.509 bundle"},
		"two ids":          {a.issue(append(intake, bris...)), "more than one URI SAN"},
		"no id":            {a.issue(nil), "no URI SAN"},
		"expired":          {a.issue(intake, expired), "expired"},
		"foreign CA":       {foreign.issue(intake), "unknown authority"},
		"a name, not a id": {a.issue(nil, func(c *x509.Certificate) { c.DNSNames = []string{"intake"} }), "no URI SAN"},
	} {
		connection := dial(t, serve(t, a, test.server), a.issue(bris), "intake")
		if err := check(t, connection); status.Code(err) != codes.Unauthenticated || !strings.Contains(err.Error(), test.reason) {
			t.Errorf("%s: the call says %v, want UNAUTHENTICATED with %q", name, err, test.reason)
		}
	}
}

func TestDialRefusesOlderTLS(t *testing.T) {
	a := newAuthority(t)
	old := serverTLS(t, a, a.issue(intake))
	old.MaxVersion = tls.VersionTLS12
	listener := listen(t, "127.0.0.1:0")
	start(t, listener, old)
	if err := check(t, dial(t, listener.Addr().String(), a.issue(bris), "intake")); status.Code(err) != codes.Unauthenticated {
		t.Errorf("over TLS 1.2 the call says %v, want UNAUTHENTICATED", err)
	}
}

func TestDialNamesWhatIsWrong(t *testing.T) {
	files := newAuthority(t).issue(bris)
	for wrong, test := range map[string]struct {
		files   Credentials
		service string
	}{
		"absent-ca":   {Credentials{CA: "absent-ca", Cert: files.Cert, Key: files.Key}, "intake"},
		"absent-cert": {Credentials{CA: files.CA, Cert: "absent-cert", Key: files.Key}, "intake"},
		"absent-key":  {Credentials{CA: files.CA, Cert: files.Cert, Key: "absent-key"}, "intake"},
		"in/take":     {files, "in/take"},
	} {
		if _, err := Dial("localhost:1", test.files, test.service); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("Dial says %v, want an error about %s", err, wrong)
		}
	}
}

func TestNewConnectionsUseARenewedCertificate(t *testing.T) {
	a := newAuthority(t)
	var seen serials
	files := a.issue(bris)
	connection := dial(t, serve(t, a, a.issue(intake), grpc.UnaryInterceptor(seen.intercept)), files, "intake")
	if err := check(t, connection); err != nil {
		t.Fatal(err)
	}
	a.renew(files, bris)
	other := dial(t, connection.Target(), files, "intake")
	for _, each := range []*grpc.ClientConn{connection, other} {
		if err := check(t, each); err != nil {
			t.Fatal(err)
		}
	}
	if seen[0] != seen[1] || seen[1] == seen[2] {
		t.Errorf("the server saw %v, want the new certificate on the new connection alone", seen)
	}
}

func TestConnectReachesEachService(t *testing.T) {
	a := newAuthority(t)
	at := func(service string) string { return serve(t, a, a.issue([]string{domain + "/service/" + service})) }
	platform, err := Connect(Addresses{at("intake"), at("triage"), at("routing"), at("audit")}, a.issue(bris))
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	for service, call := range map[string]func() error{
		"intake": func() error {
			_, err := platform.Intake.GetConversation(ctx, &intakev1.GetConversationRequest{})
			return err
		},
		"triage":  func() error { _, err := platform.Triage.ListTopics(ctx, &triagev1.ListTopicsRequest{}); return err },
		"routing": func() error { _, err := platform.Directory.ListLines(ctx, &routingv1.ListLinesRequest{}); return err },
		"triage by descriptor": func() error {
			method := triagev1.File_stafett_triage_v1_triage_proto.Services().Get(0).Methods().ByName("ListTopics")
			return platform.Call(ctx, method, &triagev1.ListTopicsRequest{}, &triagev1.ListTopicsResponse{})
		},
		"audit": func() error {
			stream, err := platform.Audit.ReplayCommits(ctx, &auditv1.ReplayCommitsRequest{})
			if err == nil {
				_, err = stream.Recv()
			}
			return err
		},
	} {
		// The servers here implement none of these calls, and answer UNIMPLEMENTED once
		// they are reached.
		if err := call(); status.Code(err) != codes.Unimplemented {
			t.Errorf("%s: the call says %v, want UNIMPLEMENTED", service, err)
		}
	}
	if err := platform.Close(); err != nil {
		t.Error(err)
	}
	if _, err := platform.Triage.ListTopics(ctx, &triagev1.ListTopicsRequest{}); status.Code(err) != codes.Canceled {
		t.Errorf("after Close a call says %v, want CANCELLED", err)
	}
}

func TestConnectNeedsCredentials(t *testing.T) {
	if _, err := Connect(Addresses{}, Credentials{}); err == nil {
		t.Error("Connect succeeded without credentials")
	}
}

// serials are the serial numbers of the certificates with which a server was called.
type serials []string

func (s *serials) intercept(ctx context.Context, request any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	caller, _ := peer.FromContext(ctx)
	leaf := caller.AuthInfo.(credentials.TLSInfo).State.PeerCertificates[0]
	*s = append(*s, leaf.SerialNumber.String())
	return next(ctx, request)
}

func dial(t *testing.T, address string, files Credentials, service string) *grpc.ClientConn {
	t.Helper()
	connection, err := Dial(address, files, service)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	return connection
}

func check(t *testing.T, connection *grpc.ClientConn) error {
	_, err := healthv1.NewHealthClient(connection).Check(t.Context(), &healthv1.HealthCheckRequest{})
	return err
}
