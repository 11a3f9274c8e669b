package release

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Tags returns the names of the release's tags, one for each module.
func (r Release) Tags() []string {
	var tags []string
	for _, name := range modules {
		tags = append(tags, name+"/"+r.Version)
	}
	return tags
}

// Tag commits the staged go.mod and go.sum files on top of HEAD, tags that commit for each
// module, and returns it. No branch moves and no file of the work tree changes. Tag
// refuses a work tree whose published files differ from HEAD, and tags that exist.
func (r Release) Tag(root string) (string, error) {
	git := repository(root)
	if err := git.checkClean(); err != nil {
		return "", err
	}
	if err := git.checkFree(r.Tags()); err != nil {
		return "", err
	}
	commit, err := r.commit(git)
	if err != nil {
		return "", err
	}
	for _, tag := range r.Tags() {
		if _, err := git.run("tag", "-a", "-m", tag, tag, commit); err != nil {
			return "", err
		}
	}
	return commit, nil
}

// Changes returns the differences between the go.mod and go.sum files of the repository
// and those of the release, as git shows them.
func (r Release) Changes(root string) (string, error) {
	var changes strings.Builder
	for _, name := range modules {
		for _, file := range []string{name + "/go.mod", name + "/go.sum"} {
			command := exec.Command("git", "diff", "--no-index", "--unified=0", "--", file, filepath.Join(r.folder, file))
			command.Dir, command.Stdout = root, &changes
			if err := command.Run(); err != nil && command.ProcessState.ExitCode() != 1 { // 1: they differ
				return "", err
			}
		}
	}
	return changes.String(), nil
}

// commit uses an index of its own, so that git's staged changes are unaffected.
func (r Release) commit(git repository) (string, error) {
	index := "GIT_INDEX_FILE=" + filepath.Join(r.folder, "index")
	if _, err := git.runWith(index, "read-tree", "HEAD"); err != nil {
		return "", err
	}
	for _, name := range modules {
		for _, file := range []string{name + "/go.mod", name + "/go.sum"} {
			blob, err := git.run("hash-object", "-w", filepath.Join(r.folder, file))
			if err != nil {
				return "", err
			}
			if _, err := git.runWith(index, "update-index", "--cacheinfo", "100644,"+blob+","+file); err != nil {
				return "", err
			}
		}
	}
	tree, err := git.runWith(index, "write-tree")
	if err != nil {
		return "", err
	}
	return git.run("commit-tree", "-p", "HEAD", "-m", "all: release "+r.Version, tree)
}

// repository is the folder of a git work tree.
type repository string

func (g repository) checkClean() error {
	args := append([]string{"status", "--porcelain", "--ignored", "--", "LICENSE"}, modules...)
	changed, err := g.run(args...)
	if err != nil {
		return err
	}
	if changed != "" {
		return fmt.Errorf("commit or remove these files first, they would be released:\n%s", changed)
	}
	return nil
}

func (g repository) checkFree(tags []string) error {
	taken, err := g.run("tag", "--list")
	if err != nil {
		return err
	}
	for tag := range strings.Lines(taken + "\n") {
		if slices.Contains(tags, strings.TrimSpace(tag)) {
			return fmt.Errorf("the tag %s exists; a published version never changes, so choose the next one", strings.TrimSpace(tag))
		}
	}
	return nil
}

func (g repository) run(args ...string) (string, error) { return g.runWith("", args...) }

// runWith runs git with one more environment variable, and returns its output without the
// trailing line break.
func (g repository) runWith(variable string, args ...string) (string, error) {
	command := exec.Command("git", args...)
	var stderr bytes.Buffer
	command.Dir, command.Stderr = string(g), &stderr
	if variable != "" {
		command.Env = append(os.Environ(), variable)
	}
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return strings.TrimRight(string(out), "\n"), nil
}
