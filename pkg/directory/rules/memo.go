package rules

import "math/bits"

const (
	leastSlots = 1 << 10
	// mostSlots limits the outcomes that are remembered of each part: about a megabyte.
	mostSlots = 1 << 16
)

// memo remembers outcomes by their inputs, in an open hash table that is at most half full. A
// decision asks it twice for each line, which takes a map several times as long.
type memo struct {
	slots []slot
	used  int
	shift uint
}

type slot struct {
	in    Input
	out   Outcome
	known bool
}

// newMemo returns an empty memo with a power of two of slots.
func newMemo(slots int) memo {
	return memo{slots: make([]slot, slots), shift: uint(bits.LeadingZeros64(uint64(slots) - 1))}
}

// find returns the slot of an input, or the one to put it into.
func (m *memo) find(in Input) *slot {
	const golden = 0x9e3779b97f4a7c15
	at := uint64(in) * golden >> m.shift
	for m.slots[at].known && m.slots[at].in != in {
		at = (at + 1) & uint64(len(m.slots)-1)
	}
	return &m.slots[at]
}

// put adds an outcome. A memo that is full is doubled, or emptied if it is as large as it may be.
func (m *memo) put(one slot) {
	if 2*m.used >= len(m.slots) {
		before := *m
		*m = newMemo(min(2*len(before.slots), mostSlots))
		for i := range before.slots {
			if before.slots[i].known && len(before.slots) < mostSlots {
				m.put(before.slots[i])
			}
		}
	}
	*m.find(one.in) = one
	m.used++
}
