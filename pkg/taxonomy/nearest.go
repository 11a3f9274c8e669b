package taxonomy

import "slices"

// longestCode is the maximum length of a code.
const longestCode = 66

// Nearest returns the known topic whose code is most similar to a mistyped one, in the same
// group if that is known. Among equals it is the first by code.
func (t *Taxonomy) Nearest(text string) string { return nearest(text, t.codes()) }

func nearest(text string, among []string) string {
	same := slices.DeleteFunc(slices.Clone(among), func(code string) bool { return Group(code) != Group(text) })
	if len(same) > 0 {
		among = same
	}
	best, least := "", 0
	for _, code := range among {
		if edits := distance(text[:min(len(text), longestCode)], code); best == "" || edits < least {
			best, least = code, edits
		}
	}
	return best
}

// distance returns how many bytes must be inserted, deleted or replaced to turn one text into
// the other.
func distance(from, to string) int {
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(to) {
			exchanged := diagonal
			if from[i] != to[j] {
				exchanged++
			}
			diagonal = row[j+1]
			row[j+1] = min(exchanged, row[j]+1, diagonal+1)
		}
	}
	return row[len(to)]
}
