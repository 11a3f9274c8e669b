package directory

import (
	"iter"
	"math"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/directory/internal/fit"
	"github.com/stafett/stafett/pkg/directory/rules"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// row is what a decision reads of a line. Rows are contiguous, because a decision over thousands of
// lines would otherwise mostly wait for memory.
type row struct {
	criteria
	entry *entry
	// seats is the rule input from the seats of each channel until an instant, from when on they
	// are unknown, and urgent is that for a child in imminent danger.
	seats, urgent [fit.LastSeated + 1]rules.Input
	until         int64
	// suspended: an operator suspended it. interrupted: it has closures or a rota besides its hours.
	suspended, interrupted bool
}

func rowOf(e *entry) row {
	r := row{
		criteria: e.criteria, entry: e, until: nanoseconds(e.live.SeatsUntil), suspended: e.live.Suspended != 0,
		interrupted: len(e.live.Closures) > 0 || e.live.Staffing != nil,
	}
	for channel := range r.seats {
		r.seats[channel] = e.inputOfSeats(handoverv1.Channel(channel), handoverv1.RiskLevel_RISK_LEVEL_UNSPECIFIED)
		r.urgent[channel] = e.inputOfSeats(handoverv1.Channel(channel), handoverv1.RiskLevel_RISK_LEVEL_R4)
	}
	return r
}

// nanoseconds orders instants as they are; the zero time comes first.
func nanoseconds(at time.Time) int64 {
	if at.IsZero() {
		return math.MinInt64
	}
	return at.UnixNano()
}

// inputOfSeats is the rule input from the line's seats at an instant.
func (r *row) inputOfSeats(channel handoverv1.Channel, risk handoverv1.RiskLevel, at int64) rules.Input {
	switch {
	case !HasSeats(channel) || at >= r.until:
		return unknownSeats
	case risk == handoverv1.RiskLevel_RISK_LEVEL_R4:
		return r.urgent[channel]
	}
	return r.seats[channel]
}

// stays reports whether the line answers the channel.
func (r *row) stays(channel handoverv1.Channel, at time.Time) bool {
	if r.interrupted {
		return r.entry.times.Stays(channel, at)
	}
	return r.hours.Stays(channel, at)
}

// rows are those of all lines in the order of their ids, in parts, so that a change of one line copies
// one part.
type rows [][]row

const rowsPerPart = 64

func rowsOf(entries []*entry) (all rows) {
	for part := range slices.Chunk(entries, rowsPerPart) {
		rows := make([]row, len(part))
		for i, e := range part {
			rows[i] = rowOf(e)
		}
		all = append(all, rows)
	}
	return all
}

// with returns the rows with another one in a place.
func (r rows) with(place int, e *entry) rows {
	all := slices.Clone(r)
	part := &all[place/rowsPerPart]
	*part = slices.Clone(*part)
	(*part)[place%rowsPerPart] = rowOf(e)
	return all
}

// at is the row in a place.
func (r rows) at(place int) *row { return &r[place/rowsPerPart][place%rowsPerPart] }

func (r rows) each() iter.Seq2[int, *row] {
	return func(yield func(int, *row) bool) {
		for i, part := range r {
			for j := range part {
				if !yield(i*rowsPerPart+j, &part[j]) {
					return
				}
			}
		}
	}
}
