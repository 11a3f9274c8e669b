package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stafett/stafett/tools/internal/programs"
)

// binaries is the folder with stafett and nats-server, built once.
var binaries programs.Folder

func TestMain(m *testing.M) {
	os.Exit(testMain(m))
}

// testMain builds the programs. Tests mostly wait for them, so more run beside each
// other than there are processors, unless -parallel says how many.
func testMain(m *testing.M) int {
	if file := os.Getenv(wallVariable); file != "" {
		return byWall(file)
	}
	flag.Set("test.parallel", "6")
	folder, err := os.MkdirTemp("", "stafett-binaries-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	if binaries, err = programs.Build(context.Background(), folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// process is a program that runs beside a test, and must do what the test waits for.
type process struct{ *programs.Process }

// start starts a program. It is killed with the test if it still runs.
func start(t *testing.T, environment []string, name string, args ...string) *process {
	t.Helper()
	p, err := binaries.Start(environment, t.Output(), name, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return &process{p}
}

// stop asks a process to end and reports how it did.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.Stop(patiently(t)); err != nil {
		t.Error(err)
	}
}

// ends waits until a process ends by itself, and returns its exit code.
func (p *process) ends(t *testing.T) int {
	t.Helper()
	code, err := p.Ends(patiently(t))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// says waits for a line with a text in it, and returns the line.
func (p *process) says(t *testing.T, text string) string {
	t.Helper()
	line, err := p.Says(patiently(t), text)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

// patience is how long a test waits for a process, on a machine that has much else to do.
const patience = 5 * time.Minute

func patiently(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// freePorts finds some ports in a row that nobody listens on, and returns the first.
func freePorts(t *testing.T, count int) int {
	t.Helper()
	first, err := programs.FreePorts(count)
	if err != nil {
		t.Fatal(err)
	}
	return first
}
