package export

import (
	"strings"
	"testing"
)

// TestNoPartOfACellIsAFormula: neither where commas separate cells nor where
// semicolons and tabs do, and the text can be had back.
func TestNoPartOfACellIsAFormula(t *testing.T) {
	for _, text := range []string{
		"", "plain", "a;b", "=1", ";=1", "a;=1+1", "a;+1", "a;-1;-2", "a;@SUM(1)", "a;;=1", "a\t=1", "a\n=1", "a\r\n=1", "a;＝1",
		"'a", "a;'=1", "a;''=1", `{"text":"a;=HYPERLINK(1)"}`,
	} {
		safe := harmless(text)
		for _, cell := range strings.FieldsFunc(safe, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
			if strings.ContainsAny(string([]rune(cell)[:1]), formula) {
				t.Errorf("%q is written as %q, where %q would be computed", text, safe, cell)
			}
		}
		if got := back(safe); got != text {
			t.Errorf("%q is written as %q, which gives back %q", text, safe, got)
		}
	}
}

// back takes away what harmless adds, as docs/exports.md says.
func back(safe string) string {
	var text strings.Builder
	begins := true
	for _, r := range safe {
		if begins && r == '\'' {
			begins = false
			continue
		}
		text.WriteRune(r)
		begins = strings.ContainsRune(separators, r)
	}
	return text.String()
}
