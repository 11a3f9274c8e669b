package report

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestWhatIsLeftOut: of one table and line, counts by code.
func TestWhatIsLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		counts map[string]int
		hidden string
	}{
		"nothing is small":        {map[string]int{"a": 5, "b": 9}, ""},
		"one is small":            {map[string]int{"a": 4, "b": 9, "c": 7}, "a c"},
		"two are small":           {map[string]int{"a": 4, "b": 1, "c": 7}, "a b"},
		"the only one is small":   {map[string]int{"a": 1}, "a"},
		"the only other is large": {map[string]int{"a": 1, "b": 100}, "a b"},
	} {
		counts := map[key]int{{"other", "line", "z"}: 100}
		for code, n := range c.counts {
			counts[key{"table", "line", code}] = n
		}
		var hidden []string
		for k, left := range maps.All(suppressed(counts, 5)) {
			if left {
				hidden = append(hidden, k.code)
			}
		}
		slices.Sort(hidden)
		if got := strings.Join(hidden, " "); got != c.hidden {
			t.Errorf("%s: %q is left out, want %q", name, got, c.hidden)
		}
	}
}
