package release_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/tools/internal/release"
)

func TestTagsNameOneCommitWithoutReplace(t *testing.T) {
	repo := repository(t)
	r := stage(t, repo)
	before := git(t, repo, "rev-parse", "HEAD")
	commit, err := r.Tag(repo)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"proto/v0.1.0", "pkg/v0.1.0"} {
		if at := git(t, repo, "rev-parse", tag+"^{commit}"); at != commit {
			t.Errorf("%s is at %s, want %s", tag, at, commit)
		}
	}
	mod := git(t, repo, "show", "pkg/v0.1.0:pkg/go.mod")
	if strings.Contains(mod, "replace") || !strings.Contains(mod, "stafett/proto v0.1.0") {
		t.Errorf("pkg/go.mod of the release is:\n%s", mod)
	}
	if changed := git(t, repo, "diff", "--name-only", "HEAD", commit); changed != "pkg/go.mod\npkg/go.sum" {
		t.Errorf("the release changes %q", changed)
	}
	if git(t, repo, "rev-parse", "HEAD") != before || git(t, repo, "status", "--porcelain") != "" {
		t.Error("the branch or the work tree has changed")
	}
}

func TestTagRefusesVersionsThatExist(t *testing.T) {
	repo := repository(t)
	git(t, repo, "tag", "pkg/v0.1.0")
	if _, err := stage(t, repo).Tag(repo); err == nil || !strings.Contains(err.Error(), "pkg/v0.1.0 exists") {
		t.Errorf("got %v", err)
	}
	if tags := git(t, repo, "tag", "--list"); tags != "pkg/v0.1.0" {
		t.Errorf("tags are %q", tags)
	}
}

func TestTagRefusesFilesThatAreNotCommitted(t *testing.T) {
	for _, file := range []string{"new.go", "left.ignored"} {
		repo := repository(t)
		write(t, filepath.Join(repo, "pkg", file), "package pkg\n")
		if _, err := stage(t, repo).Tag(repo); err == nil || !strings.Contains(err.Error(), "pkg/"+file) {
			t.Errorf("%s: got %v", file, err)
		}
	}
}

func TestStageRefusesWhatCannotBePublished(t *testing.T) {
	for version, mod := range map[string]string{
		"0.1.0":  "",
		"v0.1":   "",
		"v2.0.0": "",
		"v0.1.0": "\nreplace example.org/other => ../other\n",
		"v0.1.1": "\nrequire github.com/stafett/stafett/services v0.0.0\n",
	} {
		repo := repository(t)
		write(t, filepath.Join(repo, "pkg", "go.mod"), pkgMod+mod)
		if _, err := release.Stage(repo, t.TempDir(), version); err == nil {
			t.Errorf("%s with %q was staged", version, mod)
		}
	}
}

const pkgMod = `module github.com/stafett/stafett/pkg

go 1.26

require github.com/stafett/stafett/proto v0.0.0

replace github.com/stafett/stafett/proto => ../proto
`

// repository has both modules, committed.
func repository(t *testing.T) string {
	t.Helper()
	repo := t.TempDir()
	for file, text := range map[string]string{
		".gitignore": "*.ignored\n", "LICENSE": "a license\n",
		"proto/go.mod": "module github.com/stafett/stafett/proto\n\ngo 1.26\n", "proto/go.sum": "", "proto/proto.go": "package proto\n",
		"pkg/go.mod": pkgMod, "pkg/go.sum": "", "pkg/pkg.go": "package pkg\n",
	} {
		write(t, filepath.Join(repo, file), text)
	}
	git(t, repo, "init", "-q")
	git(t, repo, "config", "user.name", "Somebody")
	git(t, repo, "config", "user.email", "somebody@example.org")
	git(t, repo, "add", ".")
	git(t, repo, "commit", "-q", "-m", "all: begin")
	return repo
}

func stage(t *testing.T, repo string) release.Release {
	t.Helper()
	r, err := release.Stage(repo, t.TempDir(), "v0.1.0")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func git(t *testing.T, repo string, args ...string) string {
	t.Helper()
	command := exec.Command("git", args...)
	command.Dir = repo
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", args[0], err, out)
	}
	return strings.TrimSpace(string(out))
}
