package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/play"
)

// natsConfig is the file that docker-compose uses too.
const natsConfig = "../../deploy/nats.conf"

// split is a platform whose services are processes of their own.
type split struct {
	t                    *testing.T
	folder, data, stored string
	apart                string // with a folder for each service
	ports                int
}

func newSplit(t *testing.T) split {
	s := split{t: t, folder: t.TempDir(), data: t.TempDir(), stored: t.TempDir(), apart: t.TempDir(), ports: freePorts(t, 2)}
	expect(t, 0, nil, "certify", "--platform", s.folder, "--apart", s.apart)
	return s
}

func (s split) nats() *process {
	s.t.Helper()
	return start(s.t, natsEnvironment(filepath.Join(s.apart, "nats"), s.stored, s.ports), "nats-server", "--config", natsConfig)
}

func (s split) arguments(service string) []string {
	return []string{"serve", service, "--platform", filepath.Join(s.apart, service), "--data", s.data, "--log-level", "error",
		"--nats", fmt.Sprintf("tls://127.0.0.1:%d", s.ports), "--nats-monitor", fmt.Sprintf("http://127.0.0.1:%d", s.ports+1)}
}

func (s split) serves(service string) *process {
	s.t.Helper()
	p := start(s.t, nil, "stafett", s.arguments(service)...)
	p.says(s.t, "is up at")
	return p
}

// TestTheServicesAsProcesses plays the first story on one nats-server and four
// service processes. The services are started first: they wait for the server.
func TestTheServicesAsProcesses(t *testing.T) {
	t.Parallel()
	processes := newSplit(t)
	services := map[string]*process{}
	for _, name := range platform.Services {
		services[name] = start(t, nil, "stafett", processes.arguments(name)...)
	}
	processes.nats()
	address := map[string]string{}
	for name, service := range services {
		_, address[name], _ = strings.Cut(service.says(t, "is up at"), "is up at ")
	}
	at := client.Addresses{Intake: address["intake"], Triage: address["triage"], Routing: address["routing"], Audit: address["audit"]}
	s, err := story.Load("violence")
	if err != nil {
		t.Fatal(err)
	}
	world := play.Remote(at, platform.IdentityFolder(processes.folder), play.Skip)
	played, err := play.Play(t.Context(), s, world, play.Options{})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, s, world, played)
	for _, service := range services {
		service.stop(t)
	}
}

func natsEnvironment(folder, store string, ports int) []string {
	nats := platform.Credentials(platform.IdentityFolder(folder), "service", "nats")
	return []string{
		fmt.Sprintf("STAFETT_NATS_LISTEN=127.0.0.1:%d", ports),
		fmt.Sprintf("STAFETT_NATS_MONITOR=127.0.0.1:%d", ports+1),
		"STAFETT_NATS_STORE=" + store,
		"STAFETT_NATS_CA=" + nats.CA, "STAFETT_NATS_CERT=" + nats.Cert, "STAFETT_NATS_KEY=" + nats.Key,
	}
}

// TestAServerThatDoesNotSyncIsRefused: a service does not start on a nats-server
// that would lose what it acknowledged.
func TestAServerThatDoesNotSyncIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := platform.Certify(folder, "", nil, nil); err != nil {
		t.Fatal(err)
	}
	ports := freePorts(t, 2)
	start(t, nil, "nats-server", "--jetstream", "--store_dir", t.TempDir(), "--addr", "127.0.0.1",
		"--port", fmt.Sprint(ports), "--http_port", fmt.Sprint(ports+1))
	serve := exec.Command(filepath.Join(binaries, "stafett"), "serve", "routing", "--platform", folder, "--data", t.TempDir(),
		"--nats", fmt.Sprintf("tls://127.0.0.1:%d", ports), "--nats-monitor", fmt.Sprintf("http://127.0.0.1:%d", ports+1))
	out, err := serve.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "sync_interval: always") {
		t.Errorf("the service says %q (%v), want a refusal that names sync_interval: always", out, err)
	}
}
