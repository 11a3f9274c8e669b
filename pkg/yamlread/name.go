package yamlread

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName limits a name, in characters.
const maxName = 200

// Name reads a name: one line that looks the way it is written. Names in right-to-left
// scripts may contain the marks of their scripts, and emoji their joiners.
func (v Value) Name(example string) (string, bool) {
	text, ok := v.written(example)
	if !ok {
		return "", false
	}
	if err := CheckName(text); err != nil {
		v.Refuse("%v", err)
		return "", false
	}
	return text, true
}

// Names reads a mapping from language tags to names.
func (v Value) Names(example string) map[string]string { return v.texts(example, Value.Name) }

// CheckName returns an error that says why a text is not a name, and what to do.
func CheckName(text string) error {
	if strings.ContainsAny(text, "\n\t") {
		return errors.New("the text has a line break or a tab; write it on one line")
	}
	if n := utf8.RuneCountInString(text); n > maxName {
		return fmt.Errorf("the name has %d characters; write at most %d", n, maxName)
	}
	letters := []rune(text)
	seen := false
	for i, r := range letters {
		if isUnseen(r) && !isNeeded(letters, i) {
			return fmt.Errorf("the text has the character %U, which no reader sees; remove it", r)
		}
		seen = seen || isSeen(r)
	}
	if !seen {
		return errors.New("the name has nothing that a reader sees; write letters or numbers")
	}
	return nil
}

// isSeen reports whether a character is visible by itself.
func isSeen(r rune) bool {
	return !isUnseen(r) && !unicode.IsSpace(r) && !unicode.IsMark(r)
}

// isUnseen reports whether a character is invisible, is a line break, or reorders others.
func isUnseen(r rune) bool {
	const brailleBlank = 0x2800
	return r == brailleBlank || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Bidi_Control, unicode.Noncharacter_Code_Point)
}

const (
	nonJoiner, joiner   = 0x200C, 0x200D
	arabicMark          = 0x061C
	leftMark, rightMark = 0x200E, 0x200F
	blackFlag           = 0x1F3F4
	firstTag, lastTag   = 0xE0020, 0xE007F
)

// isNeeded reports whether an invisible character affects how its neighbours look: joiners
// between letters or emoji, variation selectors, direction marks beside right-to-left
// letters, and the tags of a flag.
func isNeeded(letters []rune, i int) bool {
	switch r := letters[i]; {
	case r == leftMark || r == rightMark || r == arabicMark:
		return hasRightToLeft(letters)
	case r == joiner || r == nonJoiner:
		return i > 0 && i+1 < len(letters) && shows(letters[:i]) && isSeen(letters[i+1])
	case unicode.Is(unicode.Variation_Selector, r):
		return i > 0 && shows(letters[:i])
	case firstTag <= r && r <= lastTag:
		return i > 0 && (letters[i-1] == blackFlag || firstTag <= letters[i-1] && letters[i-1] < lastTag)
	}
	return false
}

// shows reports whether the text ends with a visible character, including its marks or
// variation selector.
func shows(letters []rune) bool {
	last := letters[len(letters)-1]
	if len(letters) > 1 && unicode.Is(unicode.Variation_Selector, last) {
		last = letters[len(letters)-2]
	}
	return isSeen(last) || unicode.IsMark(last) && !isUnseen(last)
}

func hasRightToLeft(letters []rune) bool {
	for _, r := range letters {
		if unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam) && r != arabicMark {
			return true
		}
	}
	return false
}
