package report

import (
	"cmp"
	"maps"
	"slices"
)

// suppressed returns the counts to omit: those below the threshold, and as many others,
// the smallest first, as it takes for every omitted count to have at least as many
// possible values, given what is shown, as the threshold.
func suppressed(counts map[key]int, threshold int) map[key]bool {
	hidden, known := map[key]bool{}, relations(counts)
	for k, n := range counts {
		hidden[k] = n < threshold
	}
	for {
		k, found := next(counts, hidden, known, threshold)
		if !found {
			return hidden
		}
		hidden[k] = true
	}
}

// next returns the smallest count related to one that could be derived, or else to any
// that is hidden.
func next(counts map[key]int, hidden map[key]bool, known []relation, threshold int) (key, bool) {
	all := bounds(counts, hidden, known)
	betrayed := map[key]bool{}
	for k := range hidden {
		if b := all[k]; hidden[k] && b.high-b.low+1 < threshold {
			betrayed[k] = true
		}
	}
	if len(betrayed) == 0 {
		return key{}, false
	}
	for _, near := range []map[key]bool{betrayed, hidden} {
		beside := shownBeside(near, hidden, known)
		slices.SortFunc(beside, func(a, b key) int { return cmp.Or(cmp.Compare(counts[a], counts[b]), compare(a, b)) })
		if len(beside) > 0 {
			return beside[0], true
		}
	}
	return key{}, false
}

// shownBeside returns the shown counts that have a relation with one of some.
func shownBeside(some, hidden map[key]bool, known []relation) (shown []key) {
	for _, r := range known {
		within := slices.Concat(r.less, r.more)
		if !slices.ContainsFunc(within, func(k key) bool { return some[k] }) {
			continue
		}
		for _, k := range within {
			if !hidden[k] {
				shown = append(shown, k)
			}
		}
	}
	return shown
}

// between is the range of values of a count that is consistent with what is shown.
type between struct{ low, high int }

// endless exceeds any count.
const endless = 1 << 40

// bounds are derived as a reader would: a hidden count is at least 1, because what never
// happened is not in a report, and must satisfy all relations.
func bounds(counts map[key]int, hidden map[key]bool, known []relation) map[key]between {
	all := map[key]between{}
	for k, n := range counts {
		all[k] = between{n, n}
		if hidden[k] {
			all[k] = between{1, endless}
		}
	}
	for before := map[key]between(nil); !maps.Equal(before, all); {
		before = maps.Clone(all)
		for _, r := range known {
			r.tighten(all)
		}
	}
	return all
}
