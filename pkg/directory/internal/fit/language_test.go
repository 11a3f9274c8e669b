package fit

import (
	"testing"

	"github.com/stafett/stafett/pkg/directory/rules"
)

func TestUnderstands(t *testing.T) {
	for _, test := range []struct {
		child, line string
		want        bool
	}{
		{"no", "nb", true}, {"nb-NO", "nn", true}, {"nn", "no", true}, {"en-GB", "en", true},
		{"da", "nb", false}, {"und", "und", false}, {"", "nb", false}, {"?", "?", false},
	} {
		got := Languages([]string{test.line}, BaseOf(test.child)) == rules.Flag(rules.Speaks, true)|rules.Flag(rules.FirstLanguage, true)
		if got != test.want {
			t.Errorf("%q at %q: %t", test.child, test.line, got)
		}
	}
}
