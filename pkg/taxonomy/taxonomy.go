// Package taxonomy knows the topics that a conversation can be about. They are data,
// not code: a versioned file with labels in several languages. Their groups are those
// of the Child Helpline International framework, so that statistics stay comparable.
package taxonomy

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Everything is the topic of a line that is for anything at all. It is no topic of a
// conversation, so it is not in any taxonomy.
const Everything = "*"

// Topic is something that a conversation can be about.
type Topic struct {
	// Code is a group such as V, or a leaf such as V.physical.
	Code string
	// Parent is the group of a leaf, and empty for a group.
	Parent string
	// Labels say what it is, by BCP 47 language. There is one at least in nb, da and en.
	Labels map[string]string
}

// Taxonomy is one version of the topics. It never changes, so any number of
// goroutines may use it.
type Taxonomy struct {
	version string
	topics  map[string]Topic
}

//go:embed topics.yaml
var embedded []byte

var parseEmbedded = sync.OnceValues(func() (*Taxonomy, error) {
	return Parse("topics.yaml", embedded)
})

// Default is the taxonomy that Stafett ships.
func Default() *Taxonomy {
	taxonomy, err := parseEmbedded()
	if err != nil {
		panic("taxonomy: the embedded file, which a test reads: " + err.Error())
	}
	return taxonomy
}

// Version is the version of the topics.
func (t *Taxonomy) Version() string { return t.version }

// Known says whether the code is a group or a leaf of the taxonomy.
func (t *Taxonomy) Known(code string) bool {
	_, ok := t.topics[code]
	return ok
}

// Topics are all topics, sorted by code. They are the caller's to change.
func (t *Taxonomy) Topics() []Topic {
	topics := slices.SortedFunc(maps.Values(t.topics), func(a, b Topic) int {
		return cmp.Compare(a.Code, b.Code)
	})
	for i := range topics {
		topics[i].Labels = maps.Clone(topics[i].Labels)
	}
	return topics
}

// Label is the topic in words of the language, in English where it has none in that
// language, and the code itself where the taxonomy does not know it.
func (t *Taxonomy) Label(code, lang string) string {
	labels := t.topics[code].Labels
	return cmp.Or(labels[lang], labels["en"], code)
}

// Group is the group of a leaf, and a group itself.
func Group(code string) string {
	group, _, _ := strings.Cut(code, ".")
	return group
}

// Covers says whether a line that is for topic is for code too: [Everything] covers
// all, a group its leaves, and each topic itself.
func Covers(topic, code string) bool {
	return topic == Everything || topic == code || topic == Group(code)
}
