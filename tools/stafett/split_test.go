package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/programs"
	"github.com/stafett/stafett/tools/internal/story"
	"github.com/stafett/stafett/tools/internal/story/play"
)

// split is a platform whose services are processes of their own.
type split struct {
	programs.Split
	t *testing.T
}

func newSplit(t *testing.T) split {
	s := split{programs.Split{Folder: t.TempDir(), Data: t.TempDir(), Stored: t.TempDir(), Apart: t.TempDir(), Ports: freePorts(t, 2)}, t}
	expect(t, 0, nil, s.CertifyArguments()...)
	return s
}

func (s split) nats() *process {
	s.t.Helper()
	return start(s.t, s.NATSEnvironment(), "nats-server", programs.NATSArguments("../..")...)
}

func (s split) serves(service string) *process {
	s.t.Helper()
	p := start(s.t, nil, "stafett", s.Arguments(service)...)
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
		services[name] = start(t, nil, "stafett", processes.Arguments(name)...)
	}
	processes.nats()
	at := addresses(t, services)
	s, err := story.Load("violence")
	if err != nil {
		t.Fatal(err)
	}
	world := play.Remote(at, platform.IdentityFolder(processes.Folder), play.Skip)
	played, err := play.Play(t.Context(), s, world, play.Options{})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, s, world, played)
	for _, service := range services {
		service.stop(t)
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
	serve := exec.Command(binaries.Path("stafett"), "serve", "routing", "--platform", folder, "--data", t.TempDir(),
		"--nats", fmt.Sprintf("tls://127.0.0.1:%d", ports), "--nats-monitor", fmt.Sprintf("http://127.0.0.1:%d", ports+1))
	out, err := serve.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "sync_interval: always") {
		t.Errorf("the service says %q (%v), want a refusal that names sync_interval: always", out, err)
	}
}

// addresses waits until all services are up.
func addresses(t *testing.T, services map[string]*process) client.Addresses {
	t.Helper()
	at := map[string]string{}
	for name, p := range services {
		_, at[name], _ = strings.Cut(p.says(t, "is up at"), "is up at ")
	}
	return client.Addresses{Intake: at["intake"], Triage: at["triage"], Routing: at["routing"], Audit: at["audit"]}
}
