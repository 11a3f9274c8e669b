// Command gen regenerates the generated code: third-party protos, then Go from our own,
// then the constructors of pkg/refusal and the tables of reasons and commands in the docs. Run it in
// the root of the repository:
//
//	go run ./tools/gen
//
// With -publish it also records the current protos as the published API that clients rely
// on; from then on nothing in them may break.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	publish := flag.Bool("publish", false, "write down the protos as what clients rely on")
	flag.Parse()
	for _, step := range steps(*publish) {
		fmt.Println(step.what)
		if err := step.run(); err != nil {
			fmt.Fprintln(os.Stderr, "gen:", err)
			os.Exit(1)
		}
	}
}

// step is one command, run in a module outside the workspace.
type step struct {
	what   string
	module string
	args   []string
}

func steps(publish bool) []step {
	root, err := filepath.Abs(".")
	if err != nil {
		root = "."
	}
	at := func(path string) string { return filepath.Join(root, path) }
	all := []step{
		{"third-party protos", "tools/third_party/vendorproto", []string{"run", ".", at("proto/third_party")}},
		{"format", "tools/third_party", []string{"tool", "buf", "format", "--write", root, "--path", at("proto/stafett")}},
		{"generate", "tools/third_party", []string{"tool", "buf", "generate", root,
			"--template", at("buf.gen.yaml"), "--output", root, "--path", at("proto/stafett")}},
		{"refusals", "tools", []string{"run", "./gen/refusals", at("pkg/refusal/reasons.go"), at("docs/integrate.md"),
			at("proto/stafett/handover/v1/codes.proto")}},
		{"commands", "tools", []string{"run", "./gen/commands", at("docs/life-of-a-handover.md")}},
	}
	if publish {
		all = append(all, step{"publish", "tools/third_party", []string{"tool", "buf", "build", root,
			"--path", at("proto/stafett"), "--exclude-source-info", "--output", at("proto/published.binpb")}})
	}
	return all
}

func (s step) run() error {
	command := exec.Command("go", s.args...)
	command.Dir, command.Stdout, command.Stderr = s.module, os.Stdout, os.Stderr
	command.Env = append(os.Environ(), "GOWORK=off")
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: %w", s.what, err)
	}
	return nil
}
