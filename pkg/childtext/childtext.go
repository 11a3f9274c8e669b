// Package childtext holds what a child is told in each state of a handover. The wording
// is data, not code: a versioned file with every text in Norwegian, Danish and English.
// Which things can be told, and which names each text may contain, is code: see [Key].
package childtext

import (
	_ "embed"
	"sync"

	"github.com/stafett/stafett/pkg/i18n"
)

// Texts is one version of the texts. It is immutable and safe for concurrent use.
type Texts struct {
	version string
	// said and neutral are indexed first by language, the nearest to the child's.
	said    map[i18n.Language]map[Key][]template
	neutral map[i18n.Language]map[blank]string
	scopes  map[i18n.Language]scopeWords
}

//go:embed texts.yaml
var embedded []byte

var parseEmbedded = sync.OnceValues(func() (*Texts, error) {
	return Parse("texts.yaml", embedded)
})

// Default returns the texts that Stafett ships.
func Default() *Texts {
	texts, err := parseEmbedded()
	if err != nil {
		panic("childtext: the embedded file, which a test reads: " + err.Error())
	}
	return texts
}

// Version returns the version of the texts, for the record of what a child was told.
func (t *Texts) Version() string { return t.version }

// Say returns what the child is told, and in which language: the nearest to
// the tag. The text is empty for unknown keys.
//
// A missing name becomes a neutral phrase. The repetition counts from 0 and selects one
// of the variants of a repeated text. Within a version, the same arguments always give
// the same text.
func (t *Texts) Say(key Key, tag string, names Names, repetition int) (text string, lang i18n.Language) {
	lang = i18n.Nearest(tag)
	variants := t.said[lang][key]
	if len(variants) == 0 {
		return "", lang
	}
	variant := variants[max(repetition, 0)%len(variants)]
	return variant.fill(t.words(names, lang), t.neutral[lang]), lang
}

// words returns the content of each blank, empty if missing.
func (t *Texts) words(names Names, lang i18n.Language) map[blank]string {
	words := map[blank]string{crossing: t.scopes[lang].list(names.Scopes)}
	for _, b := range []blank{receiver, sender, instant, opening, code} {
		words[b] = names.of(b)
	}
	return words
}
