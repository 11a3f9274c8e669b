package directory

import (
	"slices"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// walls are the rules that only warn where a person has decided for a line, or where a child is
// in danger: what a line is for, and not whether it can be reached.
var walls = of(
	handoverv1.Verdict_VERDICT_TOPIC, handoverv1.Verdict_VERDICT_AGE, handoverv1.Verdict_VERDICT_LANGUAGE,
	handoverv1.Verdict_VERDICT_AREA, handoverv1.Verdict_VERDICT_DIRECTION, handoverv1.Verdict_VERDICT_RISK,
)

// waivable are all rules that may only warn.
var waivable = walls | asked | full

const (
	asked verdicts = 1 << handoverv1.Verdict_VERDICT_ASKED_BEFORE
	full  verdicts = 1 << handoverv1.Verdict_VERDICT_CAPACITY
)

// waived returns the rules that do not bar a line. If the sender names it: all walls, that it was asked before, and at R4
// that it is full. If it is an emergency line and the child is in danger: all walls, and at R4 that it was asked before. AGE
// if the child may be of an age that it takes.
func (d *decision) waived(r *row) (set verdicts) {
	imminent, named := d.need.Header.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R4, slices.Contains(d.named, r.entry)
	emergency := d.danger && r.entry.line.GetEmergency()
	if named || emergency {
		set |= walls
	}
	if named || emergency && imminent {
		set |= asked
	}
	if named && imminent {
		set |= full
	}
	if d.mayBeOfAge(r.ages) {
		set |= 1 << handoverv1.Verdict_VERDICT_AGE
	}
	return set
}

// ages are those that a line takes. A maximum of 0 means no limit.
type ages struct{ min, max int32 }

// mayBeOfAge reports whether the child's age band is known and overlaps the line's.
func (d *decision) mayBeOfAge(line ages) bool {
	child := d.need.Header.GetAgeBand()
	known := child.GetMinYears() > 0 || child.GetMaxYears() > 0
	return known && (line.max == 0 || child.GetMinYears() <= line.max) &&
		(child.GetMaxYears() == 0 || line.min <= child.GetMaxYears())
}
