package directory

import (
	"slices"
	"time"

	"golang.org/x/text/language"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// failures are the hard rules that the line fails, in the order of the enum. A child
// whose age or language is unknown fits every line; a line whose hours are unknown
// fits no child.
func failures(line *handoverv1.Line, need Need, about subject, at time.Time) []handoverv1.Verdict {
	id, header := ID(line), need.Header
	answers := slices.ContainsFunc(line.GetHours(), func(h *handoverv1.Hours) bool {
		return h.GetChannel() == header.GetChannel()
	})
	var failed []handoverv1.Verdict
	for _, rule := range []struct {
		broken  bool
		verdict handoverv1.Verdict
	}{
		{id == need.FromLine, handoverv1.Verdict_VERDICT_SAME_LINE},
		{answers && !OpenAt(line, header.GetChannel(), at), handoverv1.Verdict_VERDICT_CLOSED},
		{!about.fitsLine(line), handoverv1.Verdict_VERDICT_TOPIC},
		{!agesFit(line.GetAges(), header.GetAgeBand()), handoverv1.Verdict_VERDICT_AGE},
		{!languageFits(line, header.GetLanguage()), handoverv1.Verdict_VERDICT_LANGUAGE},
		{!answers, handoverv1.Verdict_VERDICT_CHANNEL},
		{need.Asked[id], handoverv1.Verdict_VERDICT_ASKED_BEFORE},
		{len(need.Named) > 0 && !slices.Contains(need.Named, id), handoverv1.Verdict_VERDICT_NOT_NAMED},
	} {
		if rule.broken {
			failed = append(failed, rule.verdict)
		}
	}
	return failed
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

func languageFits(line *handoverv1.Line, child string) bool {
	return child == "" || understands(child, line.GetLanguages())
}

// understands says whether somebody who talks the languages understands the child. A
// tag without a known language understands and is understood by nobody.
func understands(child string, languages []string) bool {
	wanted := baseOf(child)
	return wanted != "" && slices.ContainsFunc(languages, func(tag string) bool { return baseOf(tag) == wanted })
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
