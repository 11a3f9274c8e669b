package childtext

import "golang.org/x/text/language"

// languages lists the languages of every text.
var languages = []string{"nb", "da", "en"}

// Language returns the language in which to address a child with this BCP 47 tag: nb
// for all Norwegian, da for Danish, and en for everything else, including invalid tags.
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
