package programs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/stafett/stafett/services/platform"
)

// Split is a platform whose services are processes of their own, beside a nats-server.
type Split struct {
	Folder string // with all certificates and keys
	Apart  string // with a folder for each service, as certify --apart makes them
	Data   string // of the services
	Stored string // by the nats-server
	Ports  int    // the first of the nats-server's two ports
}

// CertifyArguments make the certificates.
func (s Split) CertifyArguments() []string {
	return []string{"certify", "--platform", s.Folder, "--apart", s.Apart}
}

// Arguments are those of a service.
func (s Split) Arguments(service string) []string {
	return []string{"serve", service, "--platform", filepath.Join(s.Apart, service), "--data", s.Data, "--log-level", "error",
		"--nats", fmt.Sprintf("tls://127.0.0.1:%d", s.Ports), "--nats-monitor", fmt.Sprintf("http://127.0.0.1:%d", s.Ports+1)}
}

// NATSArguments are those of the nats-server, with the file that docker-compose uses too.
func NATSArguments(repository string) []string {
	return []string{"--config", filepath.Join(repository, "deploy", "nats.conf")}
}

// NATSEnvironment is what that file reads.
func (s Split) NATSEnvironment() []string {
	nats := platform.Credentials(platform.IdentityFolder(filepath.Join(s.Apart, "nats")), "service", "nats")
	return []string{
		fmt.Sprintf("STAFETT_NATS_LISTEN=127.0.0.1:%d", s.Ports),
		fmt.Sprintf("STAFETT_NATS_MONITOR=127.0.0.1:%d", s.Ports+1),
		"STAFETT_NATS_STORE=" + s.Stored,
		"STAFETT_NATS_CA=" + nats.CA, "STAFETT_NATS_CERT=" + nats.Cert, "STAFETT_NATS_KEY=" + nats.Key,
	}
}

// Blocks are the files of the log below a nats-server's store, the newest last.
func Blocks(stored string) ([]string, error) {
	blocks, err := filepath.Glob(filepath.Join(stored, "jetstream", "*", "streams", "STAFETT", "msgs", "*.blk"))
	if err == nil && len(blocks) == 0 {
		err = errors.New("no log found in " + stored)
	}
	return blocks, err
}

// Damage alters the newest block of the log below a nats-server's store.
func Damage(stored string, alter func(block []byte) []byte) error {
	blocks, err := Blocks(stored)
	if err != nil {
		return err
	}
	newest := blocks[len(blocks)-1]
	text, err := os.ReadFile(newest)
	if err != nil {
		return err
	}
	return os.WriteFile(newest, alter(text), 0o600)
}

// Replace puts a copy of a folder in its place.
func Replace(folder, copied string) error {
	return errors.Join(os.RemoveAll(folder), os.CopyFS(folder, os.DirFS(copied)))
}
