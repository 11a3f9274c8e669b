// Package taxonomy knows the topics that a conversation can be about. They are data,
// not code: a versioned file with labels in several languages. Their groups are those
// of the Child Helpline International framework, so that statistics stay comparable.
//
// What ships is built in. The people who run a platform may add to it, and never take
// away, with a file of their own:
//
//	version: oslo-3
//	topics:
//	  FR.x_new_family: {parent: FR, nb: Ny familie, da: Ny familie, en: New family}
//	  FR.x_step_parent: {parent: FR.x_new_family, nb: Steforelder, da: Stedforælder, en: Step-parent}
//	  V.bullying: {sv: Mobbning}      # a further language for a topic that ships
//
// A local leaf begins with x_ and lies below another topic of its group, so whoever is
// for that topic is for the leaf, and whoever counts by group counts it there.
package taxonomy

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"

	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// Everything is the topic of a line that is for anything at all. It is no topic of a
// conversation, so it is not in any taxonomy.
const Everything = "*"

const namePrefix = "topics/"

// Taxonomy is one version of the topics. It never changes, so any number of
// goroutines may use it.
type Taxonomy struct {
	version string
	topics  map[string]*triagev1.Topic
}

//go:embed topics.yaml
var embedded []byte

var parseEmbedded = sync.OnceValues(func() (*Taxonomy, error) {
	return extend(&Taxonomy{}, "topics.yaml", embedded)
})

// Default is the taxonomy that Stafett ships.
func Default() *Taxonomy {
	taxonomy, err := parseEmbedded()
	if err != nil {
		panic("taxonomy: the embedded file, which a test reads: " + err.Error())
	}
	return taxonomy
}

// Version is the version of the topics that ship, and after a + that of the file which
// adds to them.
func (t *Taxonomy) Version() string { return t.version }

// Known says whether the code is a group or a leaf of the taxonomy.
func (t *Taxonomy) Known(code string) bool {
	_, ok := t.topics[code]
	return ok
}

// Topics are all topics, sorted by code. They are the caller's to change.
func (t *Taxonomy) Topics() []*triagev1.Topic {
	var topics []*triagev1.Topic
	for _, code := range t.codes() {
		topics = append(topics, proto.CloneOf(t.topics[code]))
	}
	return topics
}

// Topic is one topic, the caller's to change, or nil.
func (t *Taxonomy) Topic(code string) *triagev1.Topic { return proto.CloneOf(t.topics[code]) }

func (t *Taxonomy) codes() []string { return slices.Sorted(maps.Keys(t.topics)) }

// Label is the topic in words of the language, in English where it has none in that
// language, and the code itself where the taxonomy does not know it.
func (t *Taxonomy) Label(code, lang string) string {
	labels := t.topics[code].GetLabels()
	return cmp.Or(labels[lang], labels["en"], code)
}

// Languages are those in which any topic has a label, sorted.
func (t *Taxonomy) Languages() []string {
	all := map[string]string{}
	for _, topic := range t.topics {
		maps.Copy(all, topic.Labels)
	}
	return slices.Sorted(maps.Keys(all))
}

// Code is the code in a topic's resource name.
func Code(name string) string { return strings.TrimPrefix(name, namePrefix) }

// Group is the group of a leaf, and a group itself.
func Group(code string) string {
	group, _, _ := strings.Cut(code, ".")
	return group
}
