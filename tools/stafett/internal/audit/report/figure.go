package report

import (
	"slices"
	"time"
)

// Figure is one number of a report, or several numbers about one thing.
type Figure struct {
	// Table says what is counted, Line for which line, and Code of which kind.
	Table string `json:"table"`
	Line  string `json:"line"`
	Code  string `json:"code,omitempty"`
	// Count is nil if it is suppressed. It is also nil for times, because how many took a
	// certain time could reveal how few did not.
	Count *int `json:"count,omitempty"`
	// Rate is Count as a fraction of its total, if it has one.
	Rate *float64 `json:"rate,omitempty"`
	// MedianSeconds and P90Seconds are for times: half, and nine in ten, took at most this
	// long.
	MedianSeconds *float64 `json:"median_seconds,omitempty"`
	P90Seconds    *float64 `json:"p90_seconds,omitempty"`
	// Suppressed means that the count is omitted because it is small, or because a suppressed
	// one could be derived from it.
	Suppressed bool `json:"suppressed,omitempty"`
}

// key identifies a figure.
type key struct{ table, line, code string }

type tally struct {
	counts map[key]int
	times  map[key][]time.Duration
	// rates maps a count to its total.
	rates map[key]key
}

func newTally() *tally {
	return &tally{counts: map[key]int{}, times: map[key][]time.Duration{}, rates: map[key]key{}}
}

func (t *tally) count(table, line, code string) { t.counts[key{table, line, code}]++ }

func (t *tally) took(table, line string, d time.Duration) {
	k := key{table, line, ""}
	t.counts[k]++
	t.times[k] = append(t.times[k], d)
}

// part counts something whose total is another count.
func (t *tally) part(table, line, code string, whole key) {
	k := key{table, line, code}
	t.counts[k]++
	t.rates[k] = whole
}

// figures returns the counts, sorted, with small ones suppressed.
func (t *tally) figures(threshold int) []Figure {
	hidden := suppressed(t.counts, threshold)
	var all []Figure
	for k, n := range t.counts {
		f := Figure{Table: k.table, Line: k.line, Code: k.code, Suppressed: hidden[k]}
		if !hidden[k] {
			t.detail(&f, k, n, hidden)
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b Figure) int {
		return compare(key{a.Table, a.Line, a.Code}, key{b.Table, b.Line, b.Code})
	})
	return all
}

// detail fills in a figure that may be shown.
func (t *tally) detail(f *Figure, k key, n int, hidden map[key]bool) {
	if times := t.times[k]; len(times) > 0 {
		slices.Sort(times)
		f.MedianSeconds, f.P90Seconds = quantile(times, 50), quantile(times, 90)
		return
	}
	f.Count = &n
	if whole, ok := t.rates[k]; ok && !hidden[whole] && t.counts[whole] > 0 {
		rate := float64(t.counts[k]) / float64(t.counts[whole])
		f.Rate = &rate
	}
}

// quantile returns the time that the given percentage took at most, by nearest rank.
func quantile(sorted []time.Duration, percent int) *float64 {
	rank := (len(sorted)*percent + 99) / 100
	seconds := sorted[max(rank, 1)-1].Seconds()
	return &seconds
}
