package directory

import (
	"slices"
	"time"

	"golang.org/x/text/language"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// rules are the hard ones, in the order of their verdicts. A child whose age, language
// or place is unknown fits every line; a line whose hours are unknown fits no child.
var rules = []struct {
	verdict handoverv1.Verdict
	breaks  func(*decision, *entry) bool
}{
	{handoverv1.Verdict_VERDICT_SAME_LINE, func(d *decision, e *entry) bool { return e.id == d.need.FromLine }},
	{handoverv1.Verdict_VERDICT_CLOSED, func(d *decision, e *entry) bool {
		return e.answersOn(d.channel) && !e.times.stays(d.channel, d.at)
	}},
	{handoverv1.Verdict_VERDICT_TOPIC, func(d *decision, e *entry) bool { return !e.everything && !e.knows(d.fits) }},
	{handoverv1.Verdict_VERDICT_AGE, func(d *decision, e *entry) bool {
		return !agesFit(e.line.GetAges(), d.need.Header.GetAgeBand())
	}},
	{handoverv1.Verdict_VERDICT_LANGUAGE, func(d *decision, e *entry) bool {
		return d.need.Header.GetLanguage() != "" && !d.understood(e.languages)
	}},
	{handoverv1.Verdict_VERDICT_CHANNEL, func(d *decision, e *entry) bool { return !e.answersOn(d.channel) }},
	{handoverv1.Verdict_VERDICT_ASKED_BEFORE, func(d *decision, e *entry) bool { return d.need.Asked[e.id] }},
	{handoverv1.Verdict_VERDICT_NOT_NAMED, func(d *decision, e *entry) bool {
		return len(d.need.Named) > 0 && !slices.Contains(d.need.Named, e.id)
	}},
	{handoverv1.Verdict_VERDICT_AREA, func(d *decision, e *entry) bool {
		area := d.need.Header.GetArea()
		return !Serves(e.line, area) || wayIn(e.line, d.channel, area) == noWay
	}},
	{handoverv1.Verdict_VERDICT_DIRECTION, func(d *decision, e *entry) bool {
		return d.need.FromLine != "" && e.id != d.need.FromLine && Receives(e.line, d.need.FromLine) != warm
	}},
	{handoverv1.Verdict_VERDICT_INACTIVE, func(_ *decision, e *entry) bool { return !takesChildren(e.line) }},
	{handoverv1.Verdict_VERDICT_CAPACITY, func(d *decision, e *entry) bool {
		return !e.hasSeat(d.channel, d.need.Header.GetRisk(), d.at)
	}},
	{handoverv1.Verdict_VERDICT_RISK, func(d *decision, e *entry) bool {
		return level(d.need.Header.GetRisk()) > highest(e.line.GetMaxRisk())
	}},
}

// broken are the rules that a line fails. Nobody looks at the seats of a line that is
// not there to be asked: its desks are not staffed.
func (d *decision) broken(e *entry) (set verdicts) {
	for i := range rules {
		if rules[i].breaks(d, e) {
			set |= 1 << rules[i].verdict
		}
	}
	if set&(1<<handoverv1.Verdict_VERDICT_CLOSED|1<<handoverv1.Verdict_VERDICT_CHANNEL) != 0 {
		set &^= 1 << handoverv1.Verdict_VERDICT_CAPACITY
	}
	return set
}

// takesChildren says whether the line does, be it not now.
func takesChildren(line *handoverv1.Line) bool {
	return active(line) || line.GetStatus() == handoverv1.LineStatus_LINE_STATUS_TEMPORARILY_CLOSED
}

// hasSeat says whether a line has a seat for a child. Unknown seats are offered at
// emergency lines alone, and seats that are known to be taken there at R4 alone.
func (e *entry) hasSeat(channel handoverv1.Channel, risk handoverv1.RiskLevel, at time.Time) bool {
	seats, known := e.seatsAt(channel, at)
	switch {
	case !seated(channel) || known && seats.Left() > 0:
		return true
	case known:
		return e.line.GetEmergency() && risk == handoverv1.RiskLevel_RISK_LEVEL_R4
	}
	return e.line.GetEmergency()
}

// understood says whether somebody who talks the languages understands the child. A
// language that is not known understands and is understood by nobody.
func (d *decision) understood(languages []string) bool {
	return d.language != "" && slices.Contains(languages, d.language)
}

// agesFit wants the whole band of the child inside the line's, so that no child is
// sent to a line that may turn it away.
func agesFit(line, child *handoverv1.AgeBand) bool {
	if child.GetMinYears() == 0 && child.GetMaxYears() == 0 {
		return true
	}
	return line.GetMinYears() <= child.GetMinYears() && oldest(child) <= oldest(line)
}

// oldest reads the band's 0 as no limit.
func oldest(band *handoverv1.AgeBand) int32 {
	if band.GetMaxYears() == 0 {
		return maxAge
	}
	return band.GetMaxYears()
}

// baseOf is the language without region or script. Bokmål (nb) and nynorsk (nn) are two
// ways to write one language that every Norwegian reads, so both count as Norwegian
// (no): a child whose language is written "no" fits a line for nb.
func baseOf(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	base, _, _ := parsed.Raw()
	switch base.String() {
	case "nb", "nn":
		return "no"
	case "und":
		return ""
	}
	return base.String()
}
