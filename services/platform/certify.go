package platform

import (
	"path/filepath"
	"strings"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/signing"
)

// Credentials are the files of a peer (a line, a service, an auditor or an operator, and its
// name) in a folder of certificates.
func Credentials(folder, kind, name string) client.Credentials {
	return identity.FilesIn(folder, identity.Kind(kind), name)
}

// natsServer is the name in the certificate of an external nats-server.
const natsServer = "nats"

// IdentityFolder is where a data folder keeps its certificates.
func IdentityFolder(data string) string { return filepath.Join(data, "identity") }

func (p *Platform) signingFolder() string { return filepath.Join(p.config.Data, "signing") }

// certify creates the platform's own authority, certificates for every service and line, for
// an auditor and an operator, and the services' signing keys.
func (p *Platform) certify() (err error) {
	if err := Certify(p.config.Data, p.config.Domain, p.config.Lines, []string{p.config.Host}); err != nil {
		return err
	}
	p.keyring, err = signing.OpenKeyring(p.signingFolder())
	return err
}

// Certify creates, in a data folder, an authority of a trust domain with certificates for
// every service and line, for an external nats-server, for an auditor and an operator, and the
// services' signing keys. It keeps what exists and is current. The services' certificates are
// for the hosts, for localhost and for the services' own names. An empty domain means the
// existing one, or else stafett.local.
func Certify(data, domain string, lines []*handoverv1.Line, hosts []string) error {
	authority, err := identity.OpenAuthority(IdentityFolder(data), domain)
	if err != nil {
		return err
	}
	issue := func(kind identity.Kind, id string, hosts ...string) error {
		peer, err := authority.Peer(kind, id)
		if err != nil {
			return err
		}
		return authority.Issue(peer, hosts)
	}
	for _, name := range append([]string{natsServer}, Services...) {
		if err := issue(identity.Service, name, append([]string{"localhost", "127.0.0.1", name}, hosts...)...); err != nil {
			return err
		}
		if name == natsServer {
			continue // writes nothing to the log
		}
		if _, err := signing.OpenKey(filepath.Join(data, "signing"), name); err != nil {
			return err
		}
	}
	for _, line := range lines {
		if err := issue(identity.Line, strings.TrimPrefix(line.Name, "lines/")); err != nil {
			return err
		}
	}
	if err := issue(identity.Auditor, "auditor"); err != nil {
		return err
	}
	return issue(identity.Operator, "operator")
}
