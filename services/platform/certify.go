package platform

import (
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
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
	warnOfReadableKeys(p.config.Data, p.config.Logger)
	tellExpiries(p.config.Data, time.Now(), p.config.Logger)
	p.keyring, err = signing.OpenKeyring(p.signingFolder())
	return err
}

// Certify creates, in a data folder, an authority of a trust domain with certificates for
// every service and line, for an external nats-server, for an auditor and an operator, and the
// services' signing keys. It keeps what exists and is current, and renews whatever it has made before. The services' certificates are
// for the hosts, for localhost and for the services' own names. An empty domain means the
// existing one, or else stafett.local.
//
// It refuses a folder that has lost its authority: with a new one, every line would be locked
// out. CreateAuthority begins again on purpose.
func Certify(data, domain string, lines []*handoverv1.Line, hosts []string) error {
	if err := hasAuthority(data); err != nil {
		return err
	}
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
		if err := issue(identity.Line, handover.LineID(line.Name)); err != nil {
			return err
		}
	}
	if err := issue(identity.Auditor, "auditor"); err != nil {
		return err
	}
	if err := issue(identity.Operator, "operator"); err != nil {
		return err
	}
	return renewAll(authority)
}

// CreateAuthority creates an authority in a data folder that has none. The peers of an earlier
// one need new certificates.
func CreateAuthority(data, domain string) error {
	_, err := identity.OpenAuthority(IdentityFolder(data), domain)
	return err
}

// hasAuthority refuses a folder with signing keys but without an authority, which is created
// before them.
func hasAuthority(data string) error {
	missing, err := identity.Missing(IdentityFolder(data))
	if err != nil || !missing {
		return err
	}
	keys, err := filepath.Glob(filepath.Join(data, "signing", "*.pub"))
	if err == nil && len(keys) > 0 {
		err = fmt.Errorf("%s has lost its authority (ca.pem), and with a new one every line would be locked out; "+
			"restore the folder from a copy, or begin again with \"stafett certify --platform %s --new-authority\" and give every peer its new certificate", IdentityFolder(data), data)
	}
	return err
}

// warnOfReadableKeys logs private keys that others on this machine can read.
func warnOfReadableKeys(data string, logger *slog.Logger) {
	for _, folder := range []string{IdentityFolder(data), filepath.Join(data, "signing"), filepath.Join(data, "audit")} {
		filepath.WalkDir(folder, func(path string, file fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".key" {
				return nil
			}
			if info, err := file.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
				logger.Warn("others on this machine can read a private key; allow its owner only (chmod 600)", "key", path, "mode", info.Mode().Perm().String())
			}
			return nil
		})
	}
}
