package release_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/tools/internal/release"
)

const root = "../../.."

// TestAProgramOutsideBuildsAgainstARelease: the program sees the modules as the go
// command fetches them from a proxy, without workspace or replace directives.
func TestAProgramOutsideBuildsAgainstARelease(t *testing.T) {
	staged, proxy := t.TempDir(), t.TempDir()
	version := unique(t)
	r, err := release.Stage(root, staged, version)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.WriteProxy(proxy); err != nil {
		t.Fatal(err)
	}
	outside := program(t, staged, version)
	run := exec.Command("go", "run", ".")
	run.Dir, run.Env = outside, environment(t, proxy)
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const want = "TOO_LATE true\nstafett.intake.v1.IntakeService\ntile/0/000.p/1\n"
	if !strings.HasSuffix(string(out), want) {
		t.Errorf("the program wrote %q, want %q at its end", out, want)
	}
}

// program writes the module outside. Its go.sum starts with the one of pkg, so that
// the release's sums are compared with what the go command finds.
func program(t *testing.T, staged, version string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata/outside")); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(staged, "pkg", "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	mod := "module example.org/outside\n\ngo 1.26\n\nrequire github.com/stafett/stafett/pkg " + version + "\n"
	for file, text := range map[string]string{"go.mod": mod, "go.sum": string(sums)} {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// unique is a version that no other run has, because the ordinary module cache keeps
// what it has of a version. It is removed from there at the end.
func unique(t *testing.T) string {
	t.Helper()
	version := fmt.Sprintf("v0.1.0-test.%d", time.Now().UnixNano())
	cache := goEnv(t, "GOMODCACHE")
	t.Cleanup(func() {
		for _, name := range []string{"pkg", "proto"} {
			path := filepath.Join("github.com", "stafett", "stafett", name)
			remove(t, filepath.Join(cache, path+"@"+version))
			files, _ := filepath.Glob(filepath.Join(cache, "cache", "download", path, "@v", version+".*"))
			for _, file := range files {
				remove(t, file)
			}
		}
	})
	return version
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Error(err)
	}
}

// environment fetches the release from its proxy, and all else from the ordinary module
// cache, or from the ordinary proxy where the cache lacks it.
func environment(t *testing.T, proxy string) []string {
	t.Helper()
	proxies := []string{"file://" + proxy, "file://" + filepath.Join(goEnv(t, "GOMODCACHE"), "cache", "download"), goEnv(t, "GOPROXY")}
	return append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod -modcacherw", "GOPROXY="+strings.Join(proxies, ","),
		"GONOPROXY=none", "GOPRIVATE=", "GOSUMDB=off")
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
