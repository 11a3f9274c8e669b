package fit

import (
	"github.com/stafett/stafett/pkg/directory/rules"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Line is the rule input from a line, the same for every child.
func Line(line *handoverv1.Line) rules.Input {
	return rules.Number(rules.MinAge, line.GetAges().GetMinYears()) | rules.Number(rules.MaxAge, oldest(line.GetAges())) |
		rules.Number(rules.MaxRisk, highest(line.GetMaxRisk())) | rules.Flag(rules.Emergency, line.GetEmergency())
}

// Need is the rule input from a child, the same for every line.
func Need(header *handoverv1.PacketHeader, acute bool) rules.Input {
	ages := header.GetAgeBand()
	return rules.Flag(rules.AgeKnown, ages.GetMinYears() > 0 || ages.GetMaxYears() > 0) |
		rules.Number(rules.ChildMinAge, ages.GetMinYears()) | rules.Number(rules.ChildMaxAge, oldest(ages)) |
		rules.Flag(rules.LanguageKnown, header.GetLanguageCode() != "") | rules.Flag(rules.Acute, acute) |
		Conversation(header.GetChannel(), header.GetRisk())
}

// Conversation is the rule input from a child that is still known when a line's turn
// comes.
func Conversation(channel handoverv1.Channel, risk handoverv1.RiskLevel) rules.Input {
	return rules.Flag(rules.Seated, HasSeats(channel)) | rules.Number(rules.Risk, level(risk))
}

// maxAge is the proto's limit and so means everybody.
const maxAge = 120

// oldest treats the band's 0 as no limit.
func oldest(band *handoverv1.AgeBand) int32 {
	if band.GetMaxYears() == 0 {
		return maxAge
	}
	return band.GetMaxYears()
}
