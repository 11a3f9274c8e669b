package directory

import (
	"slices"

	"golang.org/x/text/language"

	"github.com/stafett/stafett/pkg/directory/rules"
)

// inputOfLanguages says whether somebody who talks the languages understands the child,
// and best of all. A language that is not known understands and is understood by nobody.
func inputOfLanguages(spoken []string, child string) rules.Input {
	at := slices.IndexFunc(spoken, func(tag string) bool { return child != "" && baseOf(tag) == child })
	return rules.Flag(rules.Speaks, at >= 0) | rules.Flag(rules.FirstLanguage, at == 0)
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
