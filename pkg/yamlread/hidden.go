package yamlread

import "unicode"

// isHidden reports whether a character is invisible, or makes others appear out of order.
// Line breaks and tabs count as visible.
func isHidden(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
}
