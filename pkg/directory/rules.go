package directory

import (
	"math/bits"
	"slices"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// demanded are the rules that the protocol's invariants demand. They are code, not part of
// the rules file, so that no file can remove them.
var demanded = []struct {
	verdict handoverv1.Verdict
	breaks  func(*decision, *entry) bool
}{
	{handoverv1.Verdict_VERDICT_SAME_LINE, func(d *decision, e *entry) bool { return e.id == d.need.FromLine }},
	{handoverv1.Verdict_VERDICT_CLOSED, func(d *decision, e *entry) bool { return !e.times.Stays(d.channel, d.at) }},
	{handoverv1.Verdict_VERDICT_ASKED_BEFORE, func(d *decision, e *entry) bool { return d.need.Asked[e.id] }},
	{handoverv1.Verdict_VERDICT_NOT_NAMED, func(d *decision, e *entry) bool {
		return len(d.need.Named) > 0 && !slices.Contains(d.need.Named, e.id)
	}},
	{handoverv1.Verdict_VERDICT_INACTIVE, func(_ *decision, e *entry) bool { return !e.takesChildren }},
}

// broken returns the demanded rules that a line fails.
func (d *decision) broken(e *entry) (set verdicts) {
	for i := range demanded {
		if demanded[i].breaks(d, e) {
			set |= of(demanded[i].verdict)
		}
	}
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
	if s&of(handoverv1.Verdict_VERDICT_CHANNEL) != 0 {
		s &^= of(handoverv1.Verdict_VERDICT_CLOSED, handoverv1.Verdict_VERDICT_CAPACITY)
	}
	if s&of(handoverv1.Verdict_VERDICT_CLOSED) != 0 {
		s &^= of(handoverv1.Verdict_VERDICT_CAPACITY)
	}
	return s
}
