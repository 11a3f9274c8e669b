package directory

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// toCode is how protos write what files write with small letters and spaces.
func toCode(text string) string {
	return strings.ToUpper(strings.ReplaceAll(text, " ", "_"))
}

// codes are the names of an enum's values, without the prefix and the unspecified one,
// in the order of their numbers.
func codes(prefix string, values map[string]int32) []string {
	names := slices.SortedFunc(maps.Keys(values), func(a, b string) int { return cmp.Compare(values[a], values[b]) })
	var all []string
	for _, name := range names[1:] {
		all = append(all, strings.TrimPrefix(name, prefix))
	}
	return all
}

func listed(names []string) string { return strings.Join(names, ", ") }
