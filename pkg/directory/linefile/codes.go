package linefile

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// toCode turns the lower-case words of a file into the spelling of an enum value.
func toCode(text string) string {
	return strings.ToUpper(strings.ReplaceAll(text, " ", "_"))
}

// codes lists the names of an enum's values in numerical order, without the prefix and
// without the unspecified value.
func codes(prefix string, values map[string]int32) []string {
	names := slices.SortedFunc(maps.Keys(values), func(a, b string) int { return cmp.Compare(values[a], values[b]) })
	var all []string
	for _, name := range names[1:] {
		all = append(all, strings.TrimPrefix(name, prefix))
	}
	return all
}

func listed(names []string) string { return strings.Join(names, ", ") }
