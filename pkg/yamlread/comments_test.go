package yamlread_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/yamlread"
)

func TestCommentsAreTakenOut(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"none":                     {"a: 1\n\nb: 2\n", "a: 1\n\nb: 2\n"},
		"lines of their own":       {"# one\na: 1\n  # two\nb: 2\n#", "a: 1\nb: 2"},
		"behind a value":           {"a: 1 # one\nb: [1, 2] \t# two\n", "a: 1\nb: [1, 2]\n"},
		"behind letters of Norway": {"a: Samsø kommune # ø\nb: {nb: Å, en: A} # å\n", "a: Samsø kommune\nb: {nb: Å, en: A}\n"},
		"what looks like one":      {"a: \"x # y\"\nb: 'x # y'\nc: x#y\nd: don't # it's\n", "a: \"x # y\"\nb: 'x # y'\nc: x#y\nd: don't\n"},
		"with a byte order mark":   {"\ufeff# one\na: 1\n", "a: 1\n"},
		"within a list":            {"a:\n  - 1 # one\n  # two\n  - 2\n", "a:\n  - 1\n  - 2\n"},
	} {
		if got := yamlread.WithoutComments([]byte(c.text)); string(got) != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// rota.Published checks that the rest keeps its meaning.
func FuzzCommentsAreTakenOut(f *testing.F) {
	for _, text := range []string{"a: 1 # x", "# x", "a: |\n  # x\n  y\n", "a: \"\n # x\"", "[# x\n]", "a: 'it''s' # '", "\r# x\r\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		yamlread.WithoutComments([]byte(text)) // it terminates for any input
	})
}
