package fit

import (
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	// unassessed is the level of an unassessed risk: lower than any other.
	unassessed = -1
	// imminent is the level of R4.
	imminent = 4
)

// level maps R0 to R4 onto 0 to 4.
func level(risk handoverv1.RiskLevel) int32 {
	if risk < handoverv1.RiskLevel_RISK_LEVEL_R0 || risk > handoverv1.RiskLevel_RISK_LEVEL_R4 {
		return unassessed
	}
	return int32(risk - handoverv1.RiskLevel_RISK_LEVEL_R0)
}

// highest returns the highest risk level that a line takes, from its published maximum.
func highest(risk handoverv1.RiskLevel) int32 {
	if level(risk) == unassessed {
		return imminent
	}
	return level(risk)
}
