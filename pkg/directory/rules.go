package directory

import (
	"slices"

	"golang.org/x/text/language"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// rules are the hard ones, in the order of their verdicts. A child whose age, language
// or place is unknown fits every line; a line whose hours are unknown fits no child.
var rules = []struct {
	verdict handoverv1.Verdict
	breaks  func(*decision, *facts) bool
}{
	{handoverv1.Verdict_VERDICT_SAME_LINE, func(d *decision, f *facts) bool { return f.id == d.need.FromLine }},
	{handoverv1.Verdict_VERDICT_CLOSED, func(d *decision, f *facts) bool {
		return f.answersOn(d.channel) && !f.times.stays(d.channel, d.at)
	}},
	{handoverv1.Verdict_VERDICT_TOPIC, func(d *decision, f *facts) bool { return !f.everything && !f.knows(d.fits) }},
	{handoverv1.Verdict_VERDICT_AGE, func(d *decision, f *facts) bool {
		return !agesFit(f.line.GetAges(), d.need.Header.GetAgeBand())
	}},
	{handoverv1.Verdict_VERDICT_LANGUAGE, func(d *decision, f *facts) bool {
		return d.need.Header.GetLanguage() != "" && !d.understood(f.languages)
	}},
	{handoverv1.Verdict_VERDICT_CHANNEL, func(d *decision, f *facts) bool { return !f.answersOn(d.channel) }},
	{handoverv1.Verdict_VERDICT_ASKED_BEFORE, func(d *decision, f *facts) bool { return d.need.Asked[f.id] }},
	{handoverv1.Verdict_VERDICT_NOT_NAMED, func(d *decision, f *facts) bool {
		return len(d.need.Named) > 0 && !slices.Contains(d.need.Named, f.id)
	}},
	{handoverv1.Verdict_VERDICT_AREA, func(d *decision, f *facts) bool { return !Serves(f.line, d.need.Header.GetArea()) }},
	{handoverv1.Verdict_VERDICT_DIRECTION, func(d *decision, f *facts) bool {
		return d.need.FromLine != "" && f.id != d.need.FromLine && Receives(f.line, d.need.FromLine) != warm
	}},
	{handoverv1.Verdict_VERDICT_INACTIVE, func(_ *decision, f *facts) bool {
		return !active(f.line) && f.line.GetStatus() != handoverv1.LineStatus_LINE_STATUS_TEMPORARILY_CLOSED
	}},
}

// broken are the rules that a line fails.
func (d *decision) broken(f *facts) (set verdicts) {
	for i := range rules {
		if rules[i].breaks(d, f) {
			set |= 1 << rules[i].verdict
		}
	}
	return set
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
