// Package release makes versions of the modules that others build against: proto and pkg.
// In the repository they find each other through replace directives, which a module's
// users ignore. A released version requires its sibling at the same version instead, with
// the checksum of the sibling's release.
package release

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

const prefix = "github.com/stafett/stafett/"

// modules are published in this order: each may require those before it.
var modules = []string{"proto", "pkg"}

// Release is a version of every published module, staged in a folder and not yet
// published.
type Release struct {
	Version string
	// folder holds each module in its published form: proto/ and pkg/.
	folder string
}

// Stage copies the published modules of the repository at root into a folder that is empty
// or missing, with the go.mod and go.sum of the version.
func Stage(root, folder, version string) (Release, error) {
	r := Release{version, folder}
	if err := checkVersion(version); err != nil {
		return r, err
	}
	sums := ""
	for _, name := range modules {
		if err := r.stage(root, name, sums); err != nil {
			return r, fmt.Errorf("%s: %w", name, err)
		}
		own, err := r.sums(name)
		if err != nil {
			return r, fmt.Errorf("%s: %w", name, err)
		}
		sums += own
	}
	return r, nil
}

// checkVersion refuses versions that the module paths cannot carry: v2 and later need /v2.
func checkVersion(version string) error {
	if semver.Canonical(version) != version {
		return fmt.Errorf("%q is not a semantic version; write for example v0.1.0", version)
	}
	for _, name := range modules {
		if err := module.Check(prefix+name, version); err != nil {
			return err
		}
	}
	return nil
}

func (r Release) stage(root, name, sums string) error {
	into := filepath.Join(r.folder, name)
	if err := os.CopyFS(into, os.DirFS(filepath.Join(root, name))); err != nil {
		return err
	}
	if err := r.editMod(filepath.Join(into, "go.mod")); err != nil {
		return err
	}
	if err := appendTo(filepath.Join(into, "go.sum"), sums); err != nil {
		return err
	}
	return addLicense(root, into)
}

// addLicense does what the go command does to a module in a subfolder that has no license
// of its own; the checksums depend on it.
func addLicense(root, into string) error {
	text, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(into, "LICENSE"), text, 0o644)
}

func (r Release) module(name string) module.Version {
	return module.Version{Path: prefix + name, Version: r.Version}
}
