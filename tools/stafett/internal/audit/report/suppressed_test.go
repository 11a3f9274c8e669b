package report

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// offered are counts of a line's offers, by how they were answered, with their sum.
func offered(how map[string]int) map[key]int {
	counts := map[key]int{}
	for code, n := range how {
		counts[key{"offers", "line", code}] = n
		counts[key{"offers_answered", "line", ""}] += n
	}
	return counts
}

func with(counts map[key]int, table string, more map[string]int) map[key]int {
	for code, n := range more {
		counts[key{table, "line", code}] = n
	}
	return counts
}

func TestWhatIsLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		counts map[key]int
		hidden string
	}{
		"nothing is small":      {offered(map[string]int{"ACCEPTED": 5, "DECLINED": 9}), ""},
		"the only one is small": {offered(map[string]int{"ACCEPTED": 1}), "offers ACCEPTED, offers_answered"},
		"one is small":          {offered(map[string]int{"ACCEPTED": 4, "DECLINED": 9, "TIMED_OUT": 7}), "offers ACCEPTED, offers TIMED_OUT"},
		"two are small and could both be told": {offered(map[string]int{"ACCEPTED": 20, "TIMED_OUT": 1, "UNREACHABLE": 1}),
			"offers ACCEPTED, offers TIMED_OUT, offers UNREACHABLE"},
		"all are small, and so many that their sum tells each": {offered(map[string]int{"ACCEPTED": 2, "DECLINED": 1, "TIMED_OUT": 1, "UNREACHABLE": 1}),
			"offers ACCEPTED, offers DECLINED, offers TIMED_OUT, offers UNREACHABLE, offers_answered"},
		"a sum that is left out stands in another table": {with(offered(map[string]int{"ACCEPTED": 2, "DECLINED": 9}), "declined", map[string]int{"NO_CAPACITY": 9}),
			"declined NO_CAPACITY, offers ACCEPTED, offers DECLINED"},
		"what was received tells what was accepted": {with(offered(map[string]int{"ACCEPTED": 21, "TIMED_OUT": 2}), "handovers_received", map[string]int{"": 20}),
			"handovers_received, offers ACCEPTED, offers TIMED_OUT"},
		"what was received tells the last outcome": {with(with(map[key]int{}, "handovers_received", map[string]int{"": 20}), "outcomes", map[string]int{"SUPPORTED": 19, "ONGOING": 1}),
			"outcomes ONGOING, outcomes SUPPORTED"},
		"what was received tells what came back": {with(with(with(map[key]int{}, "handovers_proposed", map[string]int{"": 25}), "handovers_received", map[string]int{"": 20}),
			"returned", map[string]int{"CONSENT": 4, "NO_LINE": 1}), "handovers_received, returned CONSENT, returned NO_LINE"},
		"an outcome that could be many": {with(with(map[key]int{}, "handovers_received", map[string]int{"": 30}), "outcomes", map[string]int{"SUPPORTED": 19, "ONGOING": 1}),
			"outcomes ONGOING"},
	} {
		var hidden []string
		for k, left := range maps.All(suppressed(c.counts, 5)) {
			if left {
				hidden = append(hidden, strings.TrimSpace(k.table+" "+k.code))
			}
		}
		slices.Sort(hidden)
		if got := strings.Join(hidden, ", "); got != c.hidden {
			t.Errorf("%s: %q is left out, want %q", name, got, c.hidden)
		}
	}
}

// TestNothingHiddenCanBeWorkedOut: of random reports, a reader who tries out
// everything that fits what is shown finds as many values of each count that is left
// out as the threshold is, at least.
func TestNothingHiddenCanBeWorkedOut(t *testing.T) {
	for seed := range uint64(400) {
		counts := randomCounts(rand.New(rand.NewPCG(seed, 0)))
		hidden := suppressed(counts, smallest)
		for k := range counts {
			if !hidden[k] && counts[k] < smallest {
				t.Fatalf("report %d shows %v: %d", seed, k, counts[k])
			}
			if found := possible(counts, hidden, k); hidden[k] && found < smallest {
				t.Fatalf("report %d: %v = %d can be one of %d values only, of %v, without %v", seed, k, counts[k], found, counts, hidden)
			}
		}
	}
}

// randomCounts are those of a line to which handovers came and from which others went.
func randomCounts(random *rand.Rand) map[key]int {
	counts := map[key]int{}
	count := func(table, code string, n int) int {
		if n > 0 {
			counts[key{table, "line", code}] = n
		}
		return n
	}
	few := func() int { return random.IntN(3) * random.IntN(4) }
	declined := count("declined", "NO_CAPACITY", few()) + count("declined", "OTHER", few())
	accepted := count("offers", "ACCEPTED", few()+random.IntN(3))
	count("offers_answered", "", accepted+count("offers", "DECLINED", declined)+count("offers", "TIMED_OUT", few()))
	received := count("handovers_received", "", max(0, accepted-random.IntN(3)))
	ongoing := count("outcomes", "ONGOING", min(random.IntN(3), received))
	count("outcomes", "SUPPORTED", max(0, received-ongoing-random.IntN(3)))
	count("bounces", "", random.IntN(received+1))
	returned := count("returned", "CONSENT", few()) + count("returned", "NO_LINE", few())
	count("handovers_proposed", "", received+returned+random.IntN(3))
	return counts
}

// possible is how many values a hidden count can have, counted up to the threshold.
// It knows nothing of how bounds are worked out: it tries.
func possible(counts map[key]int, hidden map[key]bool, k key) (found int) {
	t := trial{counts: counts, known: relations(counts), value: map[key]int{}}
	t.order(hidden, k)
	for n := 1; n <= mostTried && found < smallest; n++ {
		t.value[k] = n
		if t.fits() && t.rest(1) {
			found++
		}
	}
	return found
}

// mostTried is the largest value that is tried; the random counts are below it.
const mostTried = 40

// trial is a search for values that fit.
type trial struct {
	counts  map[key]int
	known   []relation
	ordered []key // hidden ones, each beside one before it where it can be
	value   map[key]int
}

func (t *trial) order(hidden map[key]bool, first key) {
	t.ordered = []key{first}
	for i := 0; i < len(t.ordered); i++ {
		for _, r := range t.known {
			within := slices.Concat(r.less, r.more)
			if !slices.Contains(within, t.ordered[i]) {
				continue
			}
			for _, k := range within {
				if hidden[k] && !slices.Contains(t.ordered, k) {
					t.ordered = append(t.ordered, k)
				}
			}
		}
	}
	for k, n := range t.counts {
		if !hidden[k] {
			t.value[k] = n
		}
	}
}

// rest tries to give a value to all that come after the first ones.
func (t *trial) rest(from int) bool {
	if from == len(t.ordered) {
		return true
	}
	k := t.ordered[from]
	defer delete(t.value, k)
	for n := 1; n <= mostTried; n++ {
		t.value[k] = n
		if t.fits() && t.rest(from+1) {
			return true
		}
	}
	return false
}

// fits says whether no relation is broken yet: what has no value may still be 1, or
// as many as can be tried.
func (t *trial) fits() bool {
	for _, r := range t.known {
		least, most := 0, 0
		for _, k := range r.less {
			least += t.or(k, 1)
		}
		for _, k := range r.more {
			most += t.or(k, mostTried)
		}
		if least > most {
			return false
		}
	}
	return true
}

func (t *trial) or(k key, unknown int) int {
	if n, known := t.value[k]; known {
		return n
	}
	return unknown
}
