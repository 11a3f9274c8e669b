package release

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// editMod requires published siblings at the release's version and drops their
// replacements. It refuses any other replacement, because users would not see it.
func (r Release) editMod(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	mod, err := modfile.Parse(path, text, nil)
	if err != nil {
		return err
	}
	for _, replaced := range slices.Clone(mod.Replace) {
		if !isPublished(replaced.Old.Path) {
			return fmt.Errorf("go.mod replaces %s; users of the module would not see that, so take it out", replaced.Old.Path)
		}
		if err := mod.DropReplace(replaced.Old.Path, replaced.Old.Version); err != nil {
			return err
		}
	}
	return r.require(path, mod)
}

func (r Release) require(path string, mod *modfile.File) error {
	for _, required := range mod.Require {
		name, ours := strings.CutPrefix(required.Mod.Path, prefix)
		switch {
		case !ours:
		case !slices.Contains(modules, name):
			return fmt.Errorf("go.mod requires %s, which is not published", required.Mod.Path)
		default:
			if err := mod.AddRequire(required.Mod.Path, r.Version); err != nil {
				return err
			}
		}
	}
	mod.Cleanup()
	text, err := mod.Format()
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

func isPublished(path string) bool {
	return slices.ContainsFunc(modules, func(name string) bool { return path == prefix+name })
}

// appendTo adds lines to go.sum in the go command's order.
func appendTo(path, sums string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := slices.Collect(strings.Lines(string(text) + sums))
	slices.Sort(lines)
	return os.WriteFile(path, []byte(strings.Join(lines, "")), 0o644)
}
