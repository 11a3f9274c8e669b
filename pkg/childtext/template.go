package childtext

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// template is a text split into words and blanks. Only blanks contain braces.
type template []string

// bracePattern finds blanks, and braces that stand alone.
var bracePattern = regexp.MustCompile(`\{[^{}]*\}|[{}]`)

func cut(text string) template {
	var pieces template
	done := 0
	for _, at := range bracePattern.FindAllStringIndex(text, -1) {
		if done < at[0] {
			pieces = append(pieces, text[done:at[0]])
		}
		pieces = append(pieces, text[at[0]:at[1]])
		done = at[1]
	}
	if done < len(text) {
		pieces = append(pieces, text[done:])
	}
	return pieces
}

func (t template) blanks() []blank {
	var found []blank
	for _, piece := range t {
		if strings.ContainsAny(piece, "{}") {
			found = append(found, blank(piece))
		}
	}
	return found
}

func (t template) fill(names map[blank]string, neutral map[blank]string) string {
	var text strings.Builder
	for _, piece := range t {
		phrase, isBlank := neutral[blank(piece)]
		switch name := names[blank(piece)]; {
		case !isBlank:
			text.WriteString(piece)
		case name != "":
			text.WriteString(name)
		case beginsSentence(text.String()):
			text.WriteString(capital(phrase))
		default:
			text.WriteString(phrase)
		}
	}
	return text.String()
}

func beginsSentence(before string) bool {
	before = strings.TrimRight(before, " ")
	return before == "" || strings.ContainsAny(before[len(before)-1:], ".?!")
}

func capital(phrase string) string {
	first, size := utf8.DecodeRuneInString(phrase)
	return string(unicode.ToUpper(first)) + phrase[size:]
}
