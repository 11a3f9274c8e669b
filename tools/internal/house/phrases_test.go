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

// banned are forms that are not English, and words that the field has another word for, with
// what to write instead.
var banned = map[*regexp.Regexp]string{
	regexp.MustCompile(`\b(is|are|was|were) no [A-Za-z]`):                      "is not a ...",
	regexp.MustCompile(`\bas (the|an|a) \w+ has (it|them)\b`):                  "as the API defines it, in the form of ...",
	regexp.MustCompile(`\bas (BCP|RFC|ISO|C2SP) [\w-]+ has it\b`):              "a BCP 47 tag, RFC 3339",
	regexp.MustCompile(`\b(says|knows) not\b`):                                 "does not say, does not know",
	regexp.MustCompile(`\b(what|all of this) is so\b`):                         "name it",
	regexp.MustCompile(`\banew\b`):                                             "again",
	regexp.MustCompile(`\bat the most\b`):                                      "at most",
	regexp.MustCompile(`\bstands? (already|twice)\b`):                          "is already, is there twice",
	regexp.MustCompile(`\bread models?\b`):                                     "projection",
	regexp.MustCompile(`\b(an|each|every|newest|first|previous) append\b[^(]`): "commit",
	regexp.MustCompile(`\brecord of (who read|reading)\b`):                     "access log",
	regexp.MustCompile(`\bLet (a|an|the) \w+ say\b`):                           "say what the command does",
	regexp.MustCompile(`\bSay that\b`):                                         "mark, record",
}

// english is what looks like a banned form and is not one.
var english = regexp.MustCompile(`\b[Tt]here (is|are|was|were) no\b|\b(is|are|was|were) no (longer|more|less|other|one|better|further|need|way)\b`)

// TestPhrasesThatMustNotComeBack reads all Go, Markdown and proto files.
func TestPhrasesThatMustNotComeBack(t *testing.T) {
	paths := prose(t)
	if len(paths) < 500 {
		t.Errorf("%d files were read, which cannot be all", len(paths))
	}
	for _, path := range paths {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		plain := english.ReplaceAllString(string(text), "")
		for phrase, better := range banned {
			for _, at := range phrase.FindAllStringIndex(plain, -1) {
				t.Errorf("%s:%d: %q; write %s", path, 1+strings.Count(plain[:at[0]], "\n"), plain[at[0]:at[1]], better)
			}
		}
	}
}

// prose lists the files that people read, except generated ones.
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
		case entry.IsDir() && (name == ".git" || entry.Name() == "node_modules"):
			return fs.SkipDir
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
