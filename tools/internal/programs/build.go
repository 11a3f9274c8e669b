// Package programs builds stafett and nats-server and runs them as processes, for what
// tries them from outside: their tests, and chaos.
package programs

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Folder holds the built programs.
type Folder string

// Build builds the programs into a folder. It runs anywhere inside the workspace.
func Build(ctx context.Context, folder string) (Folder, error) {
	build := exec.CommandContext(ctx, "go", "build", "-ldflags=-s -w", "-o", folder+string(filepath.Separator),
		"github.com/stafett/stafett/tools/stafett", "github.com/nats-io/nats-server/v2")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build stafett and nats-server: %w\n%s", err, out)
	}
	return Folder(folder), nil
}

// Path is where a program is.
func (f Folder) Path(name string) string { return filepath.Join(string(f), name) }

// Repository is the root of the workspace that this process runs in.
func Repository() (string, error) {
	out, err := exec.Command("go", "env", "GOWORK").Output()
	if err != nil {
		return "", fmt.Errorf("find the workspace: %w", err)
	}
	work := strings.TrimSpace(string(out))
	if work == "" || work == "off" {
		return "", fmt.Errorf("%s is outside of the repository; run it there", here())
	}
	return filepath.Dir(work), nil
}

func here() string {
	folder, err := os.Getwd()
	if err != nil {
		return "this folder"
	}
	return folder
}
