package output

import (
	"strconv"
	"strings"
	"unicode"
)

// Plain makes text by others safe for a terminal: it replaces characters that would move
// the cursor, change colours or the text direction with their code, such as \u202e.
func Plain(text string) string { return escape(text, unsafe) }

// PlainLines is text of several lines, told so.
func PlainLines(text string) string {
	return escape(text, func(r rune) bool { return r != '\n' && unsafe(r) })
}

func escape(text string, is func(rune) bool) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if strings.IndexFunc(text, is) < 0 {
		return text
	}
	var plain strings.Builder
	for _, r := range text {
		if is(r) {
			quoted := strconv.QuoteRuneToASCII(r)
			plain.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		plain.WriteRune(r)
	}
	return plain.String()
}

// unsafe are controls, what says in which direction text runs, and what ends a line.
func unsafe(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}
