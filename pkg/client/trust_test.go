package client

import (
	"context"
	"crypto/x509"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// A certificate that the service does not accept is named, and nothing is repeated.
func TestARefusedCertificateIsNamed(t *testing.T) {
	a, foreign := newAuthority(t), newAuthority(t)
	address := serve(t, a, a.issue(intake))
	strange := foreign.issue(bris)
	strange.CA = a.issue(bris).CA
	for name, test := range map[string]struct {
		files Credentials
		says  string
	}{
		"expired":           {a.issue(bris, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }), "so it has expired"},
		"another authority": {strange, "is for spiffe://stafett.example/line/bris"},
	} {
		connection, calls := dial(t, address, test.files, "intake"), 0
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		err := Retry(ctx, func(ctx context.Context) error {
			calls++
			_, err := healthv1.NewHealthClient(connection).Check(ctx, &healthv1.HealthCheckRequest{})
			return err
		})
		if calls != 1 || status.Code(err) != codes.Unauthenticated || Reason(err) != "IDENTITY_UNKNOWN" {
			t.Errorf("%s: after %d calls Retry says %v, want UNAUTHENTICATED and IDENTITY_UNKNOWN after one", name, calls, err)
		}
		if !strings.Contains(err.Error(), test.files.Cert) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v does not name %s and %q", name, err, test.files.Cert, test.says)
		}
		if _, err := healthv1.NewHealthClient(connection).Watch(ctx, &healthv1.HealthCheckRequest{}); Reason(err) != "IDENTITY_UNKNOWN" {
			t.Errorf("%s: a stream says %v", name, err)
		}
	}
}

// What may pass by itself stays UNAVAILABLE, and a renewed certificate takes effect.
func TestOtherFailuresArePassing(t *testing.T) {
	a := newAuthority(t)
	closing := listen(t, "127.0.0.1:0")
	go func() {
		for {
			if c, err := closing.Accept(); err == nil {
				c.(*net.TCPConn).SetLinger(0)
				c.Close()
				continue
			}
			return
		}
	}()
	t.Cleanup(func() { closing.Close() })
	if err := check(t, dial(t, closing.Addr().String(), a.issue(bris), "intake")); status.Code(err) != codes.Unavailable {
		t.Errorf("a server that breaks off: %v, want UNAVAILABLE", err)
	}
	files := a.issue(bris, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	connection := dial(t, serve(t, a, a.issue(intake)), files, "intake")
	if err := check(t, connection); status.Code(err) != codes.Unauthenticated {
		t.Errorf("expired: %v", err)
	}
	key, err := os.ReadFile(files.Key)
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(files.Key, nil, 0o600)
	becomes(t, connection, codes.Unavailable)
	os.WriteFile(files.Key, key, 0o600)
	a.renew(files, bris)
	becomes(t, connection, codes.OK)
}

// becomes calls until the answer has a code. The connection tries again by itself, within
// three seconds.
func becomes(t *testing.T, connection *grpc.ClientConn, want codes.Code) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; <-time.After(20 * time.Millisecond) {
		err := check(t, connection)
		if status.Code(err) == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the call says %v, want %v", err, want)
		}
	}
}
