// Command release makes a version of the modules that others build against. Run it in the
// root of the repository:
//
//	go run ./tools/release v0.1.0         show what would be tagged
//	go run ./tools/release -tag v0.1.0    tag it
//
// In the repository pkg finds proto through a replace directive, which users of a
// module ignore. The release therefore commits, on top of HEAD and on no branch, a
// pkg/go.mod that requires proto at the same version without replace, and a
// pkg/go.sum with proto's sums. Both proto/v0.1.0 and pkg/v0.1.0 tag that commit.
// Nothing is pushed, and the work tree stays as it is.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/stafett/stafett/tools/internal/release"
)

func main() {
	tag := flag.Bool("tag", false, "make the commit and the tags; otherwise they are only shown")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: go run ./tools/release [-tag] v0.1.0")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *tag); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(version string, tag bool) error {
	folder, err := os.MkdirTemp("", "release")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	r, err := release.Stage(".", folder, version)
	if err != nil {
		return err
	}
	if !tag {
		return show(r)
	}
	commit, err := r.Tag(".")
	if err != nil {
		return err
	}
	fmt.Printf("tagged %s at %s; publish it with\n\tgit push origin %s\n", version, commit, strings.Join(r.Tags(), " "))
	return nil
}

func show(r release.Release) error {
	changes, err := r.Changes(".")
	if err != nil {
		return err
	}
	fmt.Printf("%s\nwould tag %s; repeat with -tag\n", changes, strings.Join(r.Tags(), " and "))
	return nil
}
