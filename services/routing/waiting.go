package routing

import (
	"slices"
	"sync"

	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/livedirectory"
)

// mostTogether is how many seats are reserved with one commit, so that it fits into a message.
const mostTogether = 64

// reservation is a seat to be reserved. Whoever holds the lock of its line writes to it.
type reservation struct {
	wanted livedirectory.Wanted
	// preempts is the offer whose seat it is, which must be withdrawn first. Empty: none.
	preempts string
	// refused is why the line can no longer take anyone.
	refused error
	// outcome is zero until it is known.
	outcome aggregate.Outcome
}

// waiting are the reservations that nobody has taken up yet, by line. The zero value is ready to
// use.
type waiting struct {
	mu     sync.Mutex
	byLine map[string][]*reservation
}

func (w *waiting) add(wanted livedirectory.Wanted) *reservation {
	w.mu.Lock()
	defer w.mu.Unlock()
	one := &reservation{wanted: wanted}
	if w.byLine == nil {
		w.byLine = map[string][]*reservation{}
	}
	w.byLine[wanted.Line] = append(w.byLine[wanted.Line], one)
	return one
}

// take takes up one reservation and others of its line that wait, the longest waiting first.
func (w *waiting) take(one *reservation) []*reservation {
	w.mu.Lock()
	defer w.mu.Unlock()
	line := one.wanted.Line
	all := slices.DeleteFunc(w.byLine[line], func(r *reservation) bool { return r == one })
	others := min(len(all), mostTogether-1)
	if w.byLine[line] = all[others:]; others == len(all) {
		delete(w.byLine, line)
	}
	return append([]*reservation{one}, all[:others]...)
}
