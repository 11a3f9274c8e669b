package yamlread

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

// numbered repeats a form and replaces %d by a number.
func numbered(form string, times int) string {
	var text strings.Builder
	for i := range times {
		text.WriteString(strings.ReplaceAll(form, "%d", strconv.Itoa(i)))
	}
	return text.String()
}

// Keys and members are counted everywhere, separately for each list and mapping.
func TestSoManyInOnePlace(t *testing.T) {
	taken := map[string]string{
		"keys":              numbered("k%d: 1\n", maxKeys),
		"keys in brackets":  "{" + numbered("k%d: 1,", maxKeys) + "}",
		"members":           numbered("- 1\n", Usual.Members),
		"in brackets":       "[" + numbered("1,", Usual.Members) + "]",
		"several mappings":  numbered("- {a: 1, b: 2}\n", maxKeys),
		"several of blocks": "a:\n" + numbered("  k%d: 1\n", maxKeys) + "b:\n" + numbered("  k%d: 1\n", maxKeys),
		"lists at the key":  "a:\n" + numbered("- 1\n", Usual.Members) + "b:\n" + numbered("- 1\n", Usual.Members),
	}
	for name, text := range taken {
		if err := Read("f.yaml", []byte(text), func(Value) {}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, test := range map[string]struct{ text, want string }{
		"keys":             {numbered("k%d: 1\n", maxKeys+1), "f.yaml:2001:6: there are more than 2000 keys in one place here; write fewer, or several files"},
		"keys below":       {"a:\n  - b:\n" + numbered("      k%d: 1\n", maxKeys+1), "there are more than 2000 keys"},
		"empty keys":       {numbered("k%d:\n", maxKeys+1), "there are more than 2000 keys"},
		"questions":        {numbered("? k%d\n", maxKeys+1), "there are more than 2000 keys"},
		"keys in brackets": {"{" + numbered("k%d: 1,", maxKeys+1) + "}", "there are more than 2000 keys"},
		"members":          {numbered("- 1\n", Usual.Members+1), "f.yaml:5001:1: there are more than 5000 members"},
		"in brackets":      {"[" + numbered("1,", Usual.Members+1) + "]", "there are more than 5000 members"},
		"colons":           {strings.Repeat(": ", maxDepth+1), "lie more than 50 deep here"},
	} {
		err := Read("f.yaml", []byte(test.text), func(Value) {})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

// However a file of 64 KiB is filled, many such files can be read at once.
func TestHostileFilesAreCheap(t *testing.T) {
	const size = 64 << 10
	for _, form := range []string{"k%d: 1\n", "k%d:\n", "? k%d\n", "- 1\n", "-\n", "- {a: 1}\n", "- a:\n    - b\n", ": ", ",", "# c\n", "k%d: &a 1\n"} {
		for _, around := range []string{"%s", "{%s}", "[%s]", "- %s"} {
			text := fmt.Sprintf(around, numbered(form, size/len(form)))
			began, before := time.Now(), allocated()
			_ = Read("f.yaml", []byte(text[:min(len(text), size)]), visit)
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("%q in %q took %v", form, around, took)
			}
			if took := allocated() - before; took > 50<<20 {
				t.Errorf("%q in %q took %d bytes", form, around, took)
			}
		}
	}
}
