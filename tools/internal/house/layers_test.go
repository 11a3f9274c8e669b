package house

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/stafett/stafett/"

// root of the repository, from this package's folder.
const root = "../../.."

// pkg is a package as the go command lists it.
type pkg struct {
	ImportPath, Dir, Doc               string
	GoFiles, TestGoFiles, XTestGoFiles []string
	Imports, TestImports, XTestImports []string
	Deps                               []string
}

// name is the package's path in the repository.
func (p pkg) name() string { return strings.TrimPrefix(p.ImportPath, module) }

// packages lists every package of the workspace.
func packages(t *testing.T) []pkg {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Dir,Doc,GoFiles,TestGoFiles,XTestGoFiles,Imports,TestImports,XTestImports,Deps", "work")
	command.Dir = root
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// position is where a package stands in the order; order within /... is free.
type position struct {
	number int
	entry  string
}

// order numbers what the groups list.
func order() (all []position) {
	for _, g := range groups {
		for _, entry := range g.packages {
			all = append(all, position{len(all) + 1, entry})
		}
	}
	return all
}

// names says whether an entry of a group is or contains a package.
func (p position) names(name string) bool {
	folder, all := strings.CutSuffix(p.entry, "/...")
	return name == folder || all && within(folder, name)
}

// positionOf finds a package's place; 0 where no group names it.
func positionOf(name string) (found position) {
	for _, p := range order() {
		if p.names(name) && len(p.entry) > len(found.entry) {
			found = p
		}
	}
	return found
}

func TestPackagesImportOnlyWhatStandsBeforeThem(t *testing.T) {
	for _, p := range packages(t) {
		own := positionOf(p.name())
		if own.number == 0 {
			t.Errorf("%s is in no group; add a line for it to groups_test.go", p.name())
			continue
		}
		for _, imported := range p.Imports {
			other, ours := strings.CutPrefix(imported, module)
			at := positionOf(other)
			if ours && (at.number > own.number || at.number == own.number && !strings.HasSuffix(own.entry, "/...")) {
				t.Errorf("%s imports %s, which stands after it in groups_test.go", p.name(), other)
			}
		}
	}
}

func TestPackagesThatAreApartDoNotKnowOfEachOther(t *testing.T) {
	for _, p := range packages(t) {
		for _, rule := range apart {
			own := slices.IndexFunc(rule.packages, func(folder string) bool { return within(folder, p.name()) })
			for i, folder := range rule.packages {
				if own < 0 || i == own {
					continue
				}
				for _, dependency := range p.Deps {
					if other, ours := strings.CutPrefix(dependency, module); ours && within(folder, other) {
						t.Errorf("%s depends on %s: %s", p.name(), other, rule.reason)
					}
				}
			}
		}
	}
}

// within says whether a package is a folder's or below it.
func within(folder, name string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

func TestTheGroupsNameOnlyWhatExistsOnce(t *testing.T) {
	all := packages(t)
	seen := map[string]bool{}
	for _, p := range order() {
		if seen[p.entry] {
			t.Errorf("groups_test.go names %s twice", p.entry)
		}
		seen[p.entry] = true
		if !slices.ContainsFunc(all, func(q pkg) bool { return p.names(q.name()) }) {
			t.Errorf("groups_test.go names %s, which does not exist", p.entry)
		}
	}
}

// TestTheArchitectureShowsTheFloors, in the order of the groups.
func TestTheArchitectureShowsTheFloors(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	rest := string(text)
	for _, g := range slices.CompactFunc(slices.Clone(groups), func(a, b group) bool { return a.floor == b.floor }) {
		_, after, found := strings.Cut(rest, "\n| "+g.floor+" |")
		if !found {
			t.Errorf("ARCHITECTURE.md has no floor %q, or has it in another order", g.floor)
		}
		rest = after
	}
}

// TestWhatIsPublicForAnotherModuleSaysWhy: services is for nobody outside, so what
// another module imports of it is named with a reason.
func TestWhatIsPublicForAnotherModuleSaysWhy(t *testing.T) {
	imported := map[string]bool{}
	for _, p := range packages(t) {
		for _, other := range append(slices.Clone(p.Imports), slices.Concat(p.TestImports, p.XTestImports)...) {
			name, ours := strings.CutPrefix(other, module)
			if ours && strings.HasPrefix(name, "services/") && !strings.HasPrefix(p.name(), "services/") {
				imported[name] = true
				if shared[name] == "" {
					t.Errorf("%s imports %s; name the reason in groups_test.go, or move it", p.name(), name)
				}
			}
		}
	}
	for name := range shared {
		if !imported[name] {
			t.Errorf("no other module imports %s; take it off the list", name)
		}
	}
}

// TestFilesAndFoldersAreOfASizeToRead. Generated code is not read.
func TestFilesAndFoldersAreOfASizeToRead(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasPrefix(p.name(), "proto/") {
			continue
		}
		files := slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles)
		if len(files) > maxFiles {
			t.Errorf("%s has %d Go files, more than %d; part it", p.name(), len(files), maxFiles)
		}
		for _, file := range files {
			text, err := os.ReadFile(filepath.Join(p.Dir, file))
			if err != nil {
				t.Fatal(err)
			}
			generated := strings.HasPrefix(string(text), "// Code generated ")
			if n := strings.Count(string(text), "\n"); n > maxLines && !generated {
				t.Errorf("%s/%s has %d lines, more than %d; part it", p.name(), file, n, maxLines)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && len(strings.Fields(p.Doc)) < minWords && !strings.HasPrefix(p.name(), "proto/") {
			t.Errorf("%s has no package comment that says what it is for: %q", p.name(), p.Doc)
		}
	}
}

// forbidden are dependencies that outsiders must not suffer, with the reason.
var forbidden = map[string]string{
	"github.com/nats-io/nats-server/v2/server": "a client needs no server",
	"github.com/nats-io/nats.go":               "lines speak gRPC, the log is the platform's",
	"go.etcd.io/bbolt":                         "a client stores nothing",
}

func TestOutsidersAreSparedTheServers(t *testing.T) {
	for _, p := range packages(t) {
		if !strings.HasPrefix(p.name(), "pkg/") {
			continue
		}
		for _, dependency := range p.Deps {
			if reason, bad := forbidden[dependency]; bad {
				t.Errorf("%s depends on %s: %s", p.name(), dependency, reason)
			}
		}
	}
}
