// Package mtls serves with mutual TLS, as Stafett's services do, what the bench compares them
// with.
package mtls

import (
	"context"
	"strings"
	"time"

	"github.com/spiffe/go-spiffe/v2/bundle/x509bundle"
	"github.com/spiffe/go-spiffe/v2/spiffetls/tlsconfig"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/peer"

	"github.com/stafett/stafett/pkg/client"
)

// Server admits peers of the files' own trust domain, and the pings of Stafett's clients.
func Server(files client.Credentials, options ...grpc.ServerOption) (*grpc.Server, error) {
	own, err := files.GetX509SVID()
	if err != nil {
		return nil, err
	}
	domain := own.ID.TrustDomain()
	authority, err := x509bundle.Load(domain, files.CA)
	if err != nil {
		return nil, err
	}
	config := tlsconfig.MTLSServerConfig(own, authority, tlsconfig.AuthorizeMemberOf(domain))
	pings := keepalive.EnforcementPolicy{MinTime: 5 * time.Second, PermitWithoutStream: true}
	return grpc.NewServer(append(options, grpc.Creds(credentials.NewTLS(config)), grpc.KeepaliveEnforcementPolicy(pings))...), nil
}

// Caller is the id of the calling line, by its certificate.
func Caller(ctx context.Context) string {
	from, _ := peer.FromContext(ctx)
	secured, ok := from.AuthInfo.(credentials.TLSInfo)
	if !ok || len(secured.State.PeerCertificates) == 0 {
		return ""
	}
	id, err := x509svid.IDFromCert(secured.State.PeerCertificates[0])
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(id.Path(), "/line/")
}
