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

// Nearest returns the language for a reader who prefers these BCP 47 tags, in this order: nb for all
// Norwegian, da for Danish, en for English, and en where none of the tags is one of these.
func Nearest(tags ...string) Language {
	for _, tag := range tags {
		base, _ := language.Make(tag).Base()
		switch base.String() {
		case "nb", "nn", "no":
			return Norwegian
		case "da":
			return Danish
		case "en":
			return English
		}
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
