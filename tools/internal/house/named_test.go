package house

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	namedTest   = regexp.MustCompile("`(Test[A-Z]\\w+)`")
	declaration = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// TestDocumentsNameTestsThatExist: whoever reads which test shows a claim can run it.
func TestDocumentsNameTestsThatExist(t *testing.T) {
	exist := map[string]bool{}
	for _, module := range []string{"pkg", "services", "tools"} {
		walk(t, filepath.Join(root, module), "_test.go", func(text string) {
			for _, found := range declaration.FindAllStringSubmatch(text, -1) {
				exist[found[1]] = true
			}
		})
	}
	named := 0
	walk(t, filepath.Join(root, "docs"), ".md", func(text string) {
		for _, found := range namedTest.FindAllStringSubmatch(text, -1) {
			if named++; !exist[found[1]] {
				t.Errorf("docs name %s, which does not exist", found[1])
			}
		}
	})
	if named < 50 {
		t.Errorf("only %d names were found, which cannot be all", named)
	}
}

// walk reads the files of a folder whose name ends in a certain way.
func walk(t *testing.T, folder, ending string, each func(text string)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ending) {
			return err
		}
		text, err := os.ReadFile(path)
		each(string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
