package directory

import (
	"math/bits"
	"slices"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// broken returns the rules that a line fails of those that the protocol's invariants demand. They are
// code, not part of the rules file, so that no file can remove them.
func (d *decision) broken(r *row) (set verdicts) {
	fails := func(verdict handoverv1.Verdict, does bool) {
		if does {
			set |= 1 << verdict
		}
	}
	fails(handoverv1.Verdict_VERDICT_SAME_LINE, r.entry == d.from)
	fails(handoverv1.Verdict_VERDICT_CLOSED, !r.stays(d.channel, d.at))
	fails(handoverv1.Verdict_VERDICT_ASKED_BEFORE, slices.Contains(d.asked, r.entry))
	fails(handoverv1.Verdict_VERDICT_NOT_NAMED, len(d.need.Named) > 0 && !slices.Contains(d.named, r.entry))
	fails(handoverv1.Verdict_VERDICT_INACTIVE, !r.takesChildren)
	fails(handoverv1.Verdict_VERDICT_SUSPENDED, r.suspended)
	return set
}

// takesChildren reports whether the line takes children at all, now or later.
func takesChildren(line *handoverv1.Line) bool {
	return line.GetStatus() <= handoverv1.LineStatus_LINE_STATUS_ACTIVE || line.GetStatus() == handoverv1.LineStatus_LINE_STATUS_TEMPORARILY_CLOSED
}

// verdicts is a set of rule results, one bit per enum number.
type verdicts uint32

func of(all ...handoverv1.Verdict) (set verdicts) {
	for _, verdict := range all {
		set |= 1 << verdict
	}
	return set
}

// list returns the set in the order of the enum.
func (s verdicts) list() (list []handoverv1.Verdict) {
	for rest := uint32(s); rest != 0; rest &= rest - 1 {
		list = append(list, handoverv1.Verdict(bits.TrailingZeros32(rest)))
	}
	return slices.Clip(list)
}

// concise drops results that follow from another: a line without the channel is closed on it,
// and seats do not matter while a line is closed.
func (s verdicts) concise() verdicts {
	const channel, closed, capacity = 1 << handoverv1.Verdict_VERDICT_CHANNEL, 1 << handoverv1.Verdict_VERDICT_CLOSED, 1 << handoverv1.Verdict_VERDICT_CAPACITY
	if s&channel != 0 {
		s &^= closed | capacity
	}
	if s&closed != 0 {
		s &^= capacity
	}
	return s
}
