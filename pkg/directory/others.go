package directory

import (
	"slices"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// A decision is one event and must fit into one log message (56 KiB), however many lines
// there are and whatever their ids.
const (
	// longestPlan is how many lines may be asked, and mostFailed how many others are recorded
	// in full.
	longestPlan, mostFailed = 50, 150
	// groupedBytes is the space for the ids of all remaining lines.
	groupedBytes = 8 << 10
)

// grouped groups candidates by the rules they failed, in order of each group's first member.
func grouped(candidates []*handoverv1.Candidate) (groups []*handoverv1.LineGroup) {
	known, room := map[string]*handoverv1.LineGroup{}, groupedBytes
	slices.SortStableFunc(candidates, func(a, b *handoverv1.Candidate) int { return strings.Compare(a.Line, b.Line) })
	for _, c := range candidates {
		key := keyOf(c.Failed)
		group := known[key]
		if group == nil {
			group = &handoverv1.LineGroup{Failed: c.Failed}
			known[key] = group
			groups = append(groups, group)
		}
		group.Count++
		if room -= len(c.Line) + 2; room > 0 {
			group.Lines = append(group.Lines, c.Line)
		}
	}
	return groups
}

func keyOf(failed []handoverv1.Verdict) string {
	key := make([]byte, len(failed))
	for i, verdict := range failed {
		key[i] = byte(verdict)
	}
	return string(key)
}
