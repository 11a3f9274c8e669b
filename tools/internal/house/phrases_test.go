package house

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// banned are forms that are not English, with what to write instead.
var banned = map[*regexp.Regexp]string{
	regexp.MustCompile(`\bis no (time|date|zone|topic|line|handover|position|file|key|checkpoint|PEM|instant|number)\b`): "is not a (valid) ...",
	regexp.MustCompile(`\bas (the|an|a) \w+ has (it|them)\b`):                                                            "as the API defines it, in the form of ...",
	regexp.MustCompile(`\bas (BCP|RFC|ISO|C2SP) [\w-]+ has it\b`):                                                        "a BCP 47 tag, RFC 3339",
	regexp.MustCompile(`\b(says|knows) not\b`):                                                                           "does not say, does not know",
	regexp.MustCompile(`\bwhat is so\b`):                                                                                 "name it",
	regexp.MustCompile(`\banew\b`):                                                                                       "again",
	regexp.MustCompile(`\bLet (a|an|the) \w+ say\b`):                                                                     "say what the command does",
	regexp.MustCompile(`\bSay that\b`):                                                                                   "mark, record",
}

// thereIsNo is English, while "it is no" is not.
var thereIsNo = regexp.MustCompile(`\b[Tt]here is no\b`)

// uncleaned are folders and files whose prose has not been gone over yet.
var uncleaned = []string{"pkg", "proto", "services"}

// TestPhrasesThatMustNotComeBack reads all Go, Markdown and proto files but those that are
// still to be cleaned.
func TestPhrasesThatMustNotComeBack(t *testing.T) {
	for _, path := range prose(t) {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		for number, line := range strings.Split(string(text), "\n") {
			for phrase, better := range banned {
				if found := phrase.FindString(thereIsNo.ReplaceAllString(line, "")); found != "" {
					t.Errorf("%s:%d: %q; write %s", path, number+1, found, better)
				}
			}
		}
	}
}

// prose lists the files that people read, but for what is uncleaned or generated.
func prose(t *testing.T) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		switch {
		case name == ".git" || slices.Contains(uncleaned, name):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case slices.Contains([]string{".go", ".md", ".proto"}, filepath.Ext(name)) && !strings.HasSuffix(name, ".pb.go"):
			paths = append(paths, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// TestOnlyWhatExistsIsUncleaned keeps the list from naming what has moved.
func TestOnlyWhatExistsIsUncleaned(t *testing.T) {
	for _, name := range uncleaned {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			t.Errorf("%s: %v; take it off the list", name, err)
		}
	}
}
