package directory

import (
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

// grouped groups the lines that are not recorded in full by the rules that they failed, in order of
// each group's first line.
func (d *decision) grouped(entries []*entry, failed []verdicts) (groups []*handoverv1.LineGroup) {
	known, room := map[verdicts]*handoverv1.LineGroup{}, groupedBytes
	for i, set := range failed {
		if set == recorded {
			continue
		}
		group := known[set]
		if group == nil {
			group = &handoverv1.LineGroup{Failed: d.told(set)}
			known[set] = group
			groups = append(groups, group)
		}
		group.Count++
		if room <= 0 {
			continue
		}
		if room -= len(entries[i].id) + 2; room > 0 {
			group.Lines = append(group.Lines, entries[i].id)
		}
	}
	return groups
}
