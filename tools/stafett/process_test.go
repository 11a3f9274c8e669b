package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// binaries is the folder with stafett and nats-server, built once.
var binaries string

func TestMain(m *testing.M) {
	os.Exit(testMain(m))
}

// testMain builds the programs. Tests mostly wait for them, so more run beside each
// other than there are processors, unless -parallel says how many.
func testMain(m *testing.M) int {
	flag.Set("test.parallel", "6")
	folder, err := os.MkdirTemp("", "stafett-binaries-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	binaries = folder
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", folder+string(filepath.Separator), ".", "github.com/nats-io/nats-server/v2")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the binaries: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// process is a program that runs beside the test.
type process struct {
	command *exec.Cmd
	// told has what it wrote to standard output, line by line, until it ended.
	told chan string
}

// start starts a program. It is killed with the test if it still runs.
func start(t *testing.T, environment []string, name string, args ...string) *process {
	t.Helper()
	p := &process{command: exec.Command(filepath.Join(binaries, name), args...), told: make(chan string, 1000)}
	p.command.Env = append(os.Environ(), environment...)
	p.command.Stderr = t.Output()
	out, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.told)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.told <- lines.Text()
		}
	}()
	t.Cleanup(p.kill)
	return p
}

// kill ends a process with SIGKILL and waits until it is gone.
func (p *process) kill() {
	p.command.Process.Kill()
	p.command.Wait()
}

// stop asks a process to end and reports how it did.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.command.Wait(); err != nil {
		t.Errorf("%s did not stop cleanly: %v", p.command.Path, err)
	}
}

// ends waits until a process ends by itself, and returns its exit code.
func (p *process) ends(t *testing.T) int {
	t.Helper()
	late := time.AfterFunc(patience, func() { p.command.Process.Kill() })
	defer late.Stop()
	p.command.Wait()
	return p.command.ProcessState.ExitCode()
}

// patience is how long a test waits for a process, on a machine that has much else to do.
const patience = 5 * time.Minute

// says waits for a line with a text in it, and returns the line.
func (p *process) says(t *testing.T, text string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		select {
		case line, ok := <-p.told:
			if !ok {
				t.Fatalf("%s ended before it said %q", p.command.Path, text)
			}
			if strings.Contains(line, text) {
				return line
			}
		case <-ctx.Done():
			t.Fatalf("%s did not say %q", p.command.Path, text)
		}
	}
}

// handedOut counts the ports that freePorts has given away, from firstPort on: below
// those that systems give to outgoing connections, so that neither a connection nor
// another test takes one while a process is away.
var (
	firstPort = 10_000 + rand.IntN(15_000)
	handedOut atomic.Int64
)

// freePorts finds some ports in a row that nobody listens on, and returns the
// first.
func freePorts(t *testing.T, count int) int {
	t.Helper()
	for range 100 {
		first := firstPort + int(handedOut.Add(int64(count))) - count
		if allFree(first, count) {
			return first
		}
	}
	t.Fatal("there are no free ports in a row")
	return 0
}

func allFree(first, count int) bool {
	for port := first; port < first+count; port++ {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return false
		}
		listener.Close()
	}
	return true
}
