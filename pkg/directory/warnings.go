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
var waivable = walls | of(handoverv1.Verdict_VERDICT_ASKED_BEFORE)

// waived returns the rules that do not bar a line: all walls if the sender names it, or if it is
// an emergency line and the child is in danger, at R4 also that it was asked before; AGE if the child
// may be of an age that it takes.
func (d *decision) waived(r *row) verdicts {
	switch emergency := d.danger && r.entry.line.GetEmergency(); {
	case emergency && d.need.Header.GetRisk() == handoverv1.RiskLevel_RISK_LEVEL_R4:
		return waivable
	case emergency, slices.Contains(d.named, r.entry):
		return walls
	case d.mayBeOfAge(r.ages):
		return 1 << handoverv1.Verdict_VERDICT_AGE
	}
	return 0
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
