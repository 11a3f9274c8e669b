package output_test

import (
	"strings"
	"testing"

	"github.com/stafett/stafett/tools/stafett/internal/output"
)

// TestNothingReachesTheTerminalButText: neither from a cell nor from an error.
func TestNothingReachesTheTerminalButText(t *testing.T) {
	for text, want := range map[string]string{
		"\u009b31m":       `\u009b31m`,
		"\x1b[2J":         `\x1b[2J`,
		"a\u202eb\u2066c": `a\u202eb\u2066c`,
		"a\tb\nc\rd":      `a\tb\nc\rd`,
		"a\u2028b":        `a\u2028b`,
		"bad \xff byte":   "bad \uFFFD byte",
		"snakk nå 👩‍👧 ·2": "snakk nå 👩‍👧 ·2",
	} {
		if got := output.Plain(text); got != want {
			t.Errorf("%q is told as %q, want %q", text, got, want)
		}
		var out strings.Builder
		if err := output.Rows(&out, []string{"A", "B"}, [][]string{{text, "end"}}); err != nil || !strings.Contains(out.String(), want+"  end\n") {
			t.Errorf("%q stands in a table as %q, %v", text, out.String(), err)
		}
	}
	if got := output.PlainLines("one\ntwo\x1b"); got != "one\ntwo\\x1b" {
		t.Errorf("lines are told as %q", got)
	}
}
