package childtext

import "golang.org/x/text/language"

// languages are those that every text is in.
var languages = []string{"nb", "da", "en"}

// Language is the language that a child with the BCP 47 tag is told in: nb for all
// Norwegian, da for Danish, and en for everything else, also for what is no tag.
func Language(tag string) string {
	base, _ := language.Make(tag).Base()
	switch base.String() {
	case "nb", "nn", "no":
		return "nb"
	case "da":
		return "da"
	default:
		return "en"
	}
}
