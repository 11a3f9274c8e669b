package output_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"github.com/stafett/stafett/tools/stafett/internal/output"
)

func TestWrapCountsWhatIsShown(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  []string
	}{
		{"one two three", 7, []string{"one two", "three"}},
		{"one  two", 8, []string{"one  two"}},
		{"子ども家庭", 4, []string{"子ど", "も家", "庭"}},
		{"e\u0301e\u0301e\u0301", 2, []string{"e\u0301e\u0301", "e\u0301"}},
		{"👩🏽‍🚒👩🏽‍🚒", 2, []string{"👩🏽‍🚒", "👩🏽‍🚒"}},
		{"a\u200bb", 2, []string{"a\u200bb"}},
		{"子", 1, []string{"子"}}, // wider than there is room
		{"any length at all", 0, []string{"any length at all"}},
		{"", 5, []string{""}},
	} {
		if got := output.Wrap(test.text, test.width); !slices.Equal(got, test.want) {
			t.Errorf("%q in %d columns: %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

func TestColumnsStandBelowEachOther(t *testing.T) {
	rows := [][]string{{"NAME", "X"}, {"子ども", "1"}, {"👩🏽‍🚒 b", "2"}, {"خط", "3"}}
	for i, line := range output.Aligned(rows, 0) {
		before, _, _ := strings.Cut(line, rows[i][1])
		if got := uniseg.StringWidth(before); got != 8 {
			t.Errorf("%q: the second column begins at %d, want 8", line, got)
		}
	}
}

// Nothing is wider than the terminal, and nothing is lost.
func TestTablesFitTheTerminal(t *testing.T) {
	rows := [][]string{{"POSITION", "WHO", "WHAT"}, {"1", strings.Repeat("long ", 20), strings.Repeat("x", 90)}, {"12", "short", "子ども家庭支援センター電話相談窓口東京都中央区"}}
	lines := output.Aligned(rows, 60)
	for _, line := range lines {
		if uniseg.StringWidth(line) > 60 {
			t.Errorf("%q is wider than 60 columns", line)
		}
	}
	if all := strings.Join(lines, ""); strings.Count(all, "x") != 90 || strings.Count(all, "long") != 20 || !strings.Contains(all, "中央区") {
		t.Errorf("something is lost in\n%s", strings.Join(lines, "\n"))
	}
	t.Setenv("COLUMNS", "60")
	if got := output.Width(&strings.Builder{}); got != 60 {
		t.Errorf("COLUMNS=60 is read as %d", got)
	}
}
