// Package i18n holds the languages that every label of Stafett has, and texts in them.
package i18n

import (
	"errors"
	"slices"

	"golang.org/x/text/language"
)

// Language is one of [Languages]. It serves as a flag.
type Language string

const (
	Norwegian Language = "nb" // bokmål
	Danish    Language = "da"
	English   Language = "en"
)

// Languages lists the languages of every label.
var Languages = []Language{Norwegian, Danish, English}

// Nearest returns the language for a reader with this BCP 47 tag: nb for all Norwegian, da
// for Danish, and en for everything else, including invalid tags.
func Nearest(tag string) Language {
	base, _ := language.Make(tag).Base()
	switch base.String() {
	case "nb", "nn", "no":
		return Norwegian
	case "da":
		return Danish
	}
	return English
}

// String returns the language's tag.
func (l *Language) String() string { return string(*l) }

// Set accepts the tag of one of [Languages].
func (l *Language) Set(tag string) error {
	if !slices.Contains(Languages, Language(tag)) {
		return errors.New("use nb, da or en")
	}
	*l = Language(tag)
	return nil
}

// Type is the flag's placeholder in help.
func (l *Language) Type() string { return "language" }
