package yamlread

import "unicode"

// isHidden says whether a reader would not see a character, or because of it would see
// others in another order than they are written. Line breaks and tabs are seen.
func isHidden(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
}
