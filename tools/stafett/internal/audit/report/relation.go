package report

import (
	"cmp"
	"slices"
)

// relation is what a reader knows about counts from their meaning: the sum of some is at
// most the sum of others.
type relation struct{ less, more []key }

// relations returns those between all counts of a report. It omits those that do not hold,
// because nobody can infer anything from them.
func relations(counts map[key]int) (known []relation) {
	t := groups(counts)
	add := func(less, more []key) {
		if r := (relation{less, more}); r.holds(counts) {
			known = append(known, r)
		}
	}
	same := func(parts, whole []key) { add(parts, whole); add(whole, parts) }
	for line := range t.lines {
		offers := t.of("offers", line)
		same(offers, t.of("offers_answered", line))
		same(t.of("declined", line), only(offers, "DECLINED"))
		add(t.of("handovers_received", line), only(offers, "ACCEPTED"))
		add(t.of("outcomes", line), t.of("handovers_received", line))
		add(t.of("bounces", line), t.of("handovers_received", line))
		add(t.of("returned", line), t.of("handovers_proposed", line))
	}
	// A consultation ends in one way, or not within the history.
	add(t.all["consultations"], t.all["consultations_asked"])
	// A handover that was proposed is received by one line, or comes back, or neither.
	add(slices.Concat(t.all["handovers_received"], t.all["returned"]), t.all["handovers_proposed"])
	return known
}

// grouped holds the counts by table.
type grouped struct {
	lines map[string]bool
	all   map[string][]key
}

func groups(counts map[key]int) grouped {
	g := grouped{lines: map[string]bool{}, all: map[string][]key{}}
	for k := range counts {
		g.lines[k.line] = true
		g.all[k.table] = append(g.all[k.table], k)
	}
	for _, table := range g.all {
		slices.SortFunc(table, compare)
	}
	return g
}

func compare(a, b key) int {
	return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.line, b.line), cmp.Compare(a.code, b.code))
}

// of returns the counts of a table for a line.
func (g grouped) of(table, line string) (found []key) {
	for _, k := range g.all[table] {
		if k.line == line {
			found = append(found, k)
		}
	}
	return found
}

// only returns the count of a code among others.
func only(some []key, code string) []key {
	return slices.DeleteFunc(slices.Clone(some), func(k key) bool { return k.code != code })
}

func (r relation) holds(counts map[key]int) bool {
	less, more := 0, 0
	for _, k := range r.less {
		less += counts[k]
	}
	for _, k := range r.more {
		more += counts[k]
	}
	return less <= more
}

// tighten narrows the possible values of the counts in the relation.
func (r relation) tighten(all map[key]between) {
	least, most := 0, 0
	for _, k := range r.less {
		least += all[k].low
	}
	for _, k := range r.more {
		most = min(most+all[k].high, endless)
	}
	for _, k := range r.less {
		if b := all[k]; most < endless {
			all[k] = between{b.low, min(b.high, most-(least-b.low))}
		}
	}
	for _, k := range r.more {
		all[k] = between{max(all[k].low, least-r.others(all, k)), all[k].high}
	}
}

// others is the maximum of the larger side without one count.
func (r relation) others(all map[key]between, without key) (most int) {
	for _, k := range r.more {
		if k != without {
			most += all[k].high
		}
	}
	return most
}
