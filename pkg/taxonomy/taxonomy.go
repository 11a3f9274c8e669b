// Package taxonomy holds the topics that a conversation can be about. They are data, not code:
// a versioned file with labels in several languages. The groups are those of the Child
// Helpline International framework, so that statistics stay comparable.
//
// The topics that ship are built in. The people who run a platform can add to them, but never
// remove any, with a file of their own:
//
//	version: oslo-3
//	topics:
//	  FR.x_new_family: {parent: FR, nb: Ny familie, da: Ny familie, en: New family}
//	  FR.x_step_parent: {parent: FR.x_new_family, nb: Steforelder, da: Stedforælder, en: Step-parent}
//	  V.bullying: {sv: Mobbning}      # an additional language for a topic that ships
//
// A local leaf begins with x_ and lies below another topic of its group, so a line for that
// topic also covers the leaf, and statistics by group count it there.
package taxonomy

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/i18n"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// Everything is the topic of a line that covers every topic. A conversation cannot have it,
// so no taxonomy contains it.
const Everything = "*"

const namePrefix = "topics/"

// Taxonomy is one version of the topics. It is immutable and safe for concurrent use.
type Taxonomy struct {
	version string
	topics  map[string]*triagev1.Topic
}

//go:embed topics.yaml
var embedded []byte

var parseEmbedded = sync.OnceValues(func() (*Taxonomy, error) {
	return extend(&Taxonomy{}, "topics.yaml", embedded)
})

// Default returns the taxonomy that ships with Stafett.
func Default() *Taxonomy {
	taxonomy, err := parseEmbedded()
	if err != nil {
		panic("taxonomy: the embedded file, which a test reads: " + err.Error())
	}
	return taxonomy
}

// Version returns the version of the topics that ship, followed by + and the version of the
// file that adds to them.
func (t *Taxonomy) Version() string { return t.version }

// Known reports whether the code is a group or leaf of the taxonomy.
func (t *Taxonomy) Known(code string) bool {
	_, ok := t.topics[code]
	return ok
}

// Topics returns all topics, sorted by code. The caller may change them.
func (t *Taxonomy) Topics() []*triagev1.Topic {
	var topics []*triagev1.Topic
	for _, code := range t.codes() {
		topics = append(topics, proto.CloneOf(t.topics[code]))
	}
	return topics
}

// Topic returns one topic, which the caller may change, or nil.
func (t *Taxonomy) Topic(code string) *triagev1.Topic { return proto.CloneOf(t.topics[code]) }

func (t *Taxonomy) codes() []string { return slices.Sorted(maps.Keys(t.topics)) }

// Label returns the topic's label in the language, or in English if it has none in that
// language, or the code itself if the taxonomy does not know it.
func (t *Taxonomy) Label(code, lang string) string {
	return cmp.Or(i18n.Text(t.topics[code].GetLabels()).In(lang), code)
}

// Languages returns the languages in which any topic has a label, sorted.
func (t *Taxonomy) Languages() []string {
	all := map[string]string{}
	for _, topic := range t.topics {
		maps.Copy(all, topic.Labels)
	}
	return slices.Sorted(maps.Keys(all))
}

// Code returns the code in a topic's resource name.
func Code(name string) string { return strings.TrimPrefix(name, namePrefix) }

// Group returns the group of a leaf; a group is its own group.
func Group(code string) string {
	group, _, _ := strings.Cut(code, ".")
	return group
}
