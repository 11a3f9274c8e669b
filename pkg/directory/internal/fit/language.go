package fit

import (
	"slices"

	"golang.org/x/text/language"

	"github.com/stafett/stafett/pkg/directory/rules"
)

// Languages is the rule input from a line's languages: whether it speaks the child's
// language, and whether that is its first. An unknown language matches nothing.
func Languages(spoken []string, child string) rules.Input {
	at := slices.IndexFunc(spoken, func(tag string) bool { return child != "" && BaseOf(tag) == child })
	return rules.Flag(rules.Speaks, at >= 0) | rules.Flag(rules.FirstLanguage, at == 0)
}

// BaseOf returns the language without region or script. Bokmål (nb) and nynorsk (nn) are two
// written forms of one language that every Norwegian reads, so both count as Norwegian (no):
// a child whose language is "no" fits a line for nb.
func BaseOf(tag string) string {
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
