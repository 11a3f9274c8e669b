package house

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/stafett/stafett/"

// root of the repository, from this package's folder.
const root = "../../.."

// pkg is a package as the go command lists it.
type pkg struct {
	ImportPath string
	Doc        string
	GoFiles    []string
	Imports    []string
	Deps       []string
}

// name is the package's path in the repository.
func (p pkg) name() string { return strings.TrimPrefix(p.ImportPath, module) }

// packages lists every package of the workspace.
func packages(t *testing.T) []pkg {
	t.Helper()
	command := exec.Command("go", "list", "-json=ImportPath,Doc,GoFiles,Imports,Deps", "work")
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

var (
	row  = regexp.MustCompile(`(?m)^\| (\d+) \| ([^|]*) \|`)
	name = regexp.MustCompile("`([^`]+)`")
)

// layers reads the table in ARCHITECTURE.md: the line in which each package, or
// everything below a folder, stands.
func layers(t *testing.T) map[string]int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, found := range row.FindAllStringSubmatch(string(text), -1) {
		for _, packageName := range name.FindAllStringSubmatch(found[2], -1) {
			at[packageName[1]] = i + 1
		}
	}
	return at
}

// layerOf finds a package's line; 0 where it has none.
func layerOf(at map[string]int, name string) int {
	if layer := at[name]; layer > 0 {
		return layer
	}
	folder, _, _ := strings.Cut(name, "/")
	return at[folder+"/..."]
}

func TestPackagesImportOnlyWhatStandsAboveThem(t *testing.T) {
	at := layers(t)
	if len(at) == 0 {
		t.Fatal("ARCHITECTURE.md has no table of layers")
	}
	for _, p := range packages(t) {
		own := layerOf(at, p.name())
		if own == 0 {
			t.Errorf("%s is not in the table of layers in ARCHITECTURE.md", p.name())
		}
		for _, imported := range p.Imports {
			other, ours := strings.CutPrefix(imported, module)
			if ours && own > 1 && layerOf(at, other) >= own {
				t.Errorf("%s (layer %d) imports %s (layer %d)", p.name(), own, other, layerOf(at, other))
			}
		}
	}
}

func TestTheTableNamesOnlyWhatExists(t *testing.T) {
	var names []string
	for _, p := range packages(t) {
		names = append(names, p.name())
	}
	for packageName := range layers(t) {
		if !strings.HasSuffix(packageName, "/...") && !slices.Contains(names, packageName) {
			t.Errorf("ARCHITECTURE.md names %s, which does not exist", packageName)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && p.Doc == "" && !strings.HasPrefix(p.name(), "proto/") {
			t.Errorf("%s has no package comment", p.name())
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
