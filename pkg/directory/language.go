package directory

import (
	"slices"

	"golang.org/x/text/language"
)

// understood says whether somebody who talks the languages understands the child. A
// language that is not known understands and is understood by nobody.
func (d *decision) understood(languages []string) bool {
	return d.language != "" && slices.Contains(languages, d.language)
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
