// Package childtext knows what a child is told in each state of a handover. The words
// are data, not code: a versioned file with every text in Norwegian, Danish and English.
// Which things can be told, and which names each may hold, is code: see [Key].
package childtext

import (
	_ "embed"
	"sync"
)

// Texts is one version of the texts. It never changes, so any number of goroutines
// may use it.
type Texts struct {
	version string
	// said and neutral have the language first that Language gives.
	said    map[string]map[Key][]template
	neutral map[string]map[blank]string
	scopes  map[string]scopeWords
}

//go:embed texts.yaml
var embedded []byte

var parseEmbedded = sync.OnceValues(func() (*Texts, error) {
	return Parse("texts.yaml", embedded)
})

// Default is the texts that Stafett ships.
func Default() *Texts {
	texts, err := parseEmbedded()
	if err != nil {
		panic("childtext: the embedded file, which a test reads: " + err.Error())
	}
	return texts
}

// Version is the version of the texts, for the record of what a child was told.
func (t *Texts) Version() string { return t.version }

// Say is what the child is told, and the language that it is in: the one that
// [Language] gives for the tag. The text is empty where nothing is to be shown, which
// is for a quiet key and for one that is not known.
//
// A name that is missing becomes a neutral phrase. The repetition counts from 0 and
// chooses among the variants of what is said again and again; the same arguments give
// the same text as long as the version is the same.
func (t *Texts) Say(key Key, tag string, names Names, repetition int) (text, lang string) {
	lang = Language(tag)
	variants := t.said[lang][key]
	if len(variants) == 0 {
		return "", lang
	}
	variant := variants[max(repetition, 0)%len(variants)]
	return variant.fill(t.words(names, lang), t.neutral[lang]), lang
}

// words are what stands in each blank, and empty where that is missing.
func (t *Texts) words(names Names, lang string) map[blank]string {
	words := map[blank]string{crossing: t.scopes[lang].list(names.Scopes)}
	for _, b := range []blank{receiver, sender, instant, code} {
		words[b] = names.of(b)
	}
	return words
}
