package taxonomy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stafett/stafett/pkg/i18n"
	"github.com/stafett/stafett/pkg/yamlread"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// maxLabel limits a label, in characters.
const maxLabel = 100

// readNew reads the labels of a new topic and, for a local leaf, its parent.
func (r *reader) readNew(entry yamlread.Entry, topic *triagev1.Topic) {
	labels, parent, hasParent := readLabels(entry.Value)
	topic.Labels = texts(labels)
	switch {
	case topic.Local && hasParent:
		topic.Parent, _ = parent.Value.Text(Group(topic.Code))
		r.locals = append(r.locals, local{topic, parent.Value})
	case topic.Local:
		entry.At.Refuse("%s names no parent; write parent: %s, or another topic of %[2]s", topic.Code, Group(topic.Code))
	case hasParent:
		refuseParent(parent, topic)
	}
	if len(labels) == 0 {
		return
	}
	for _, lang := range i18n.Text(topic.Labels).Missing() {
		entry.At.Refuse("%s has no label in %s; write one, for example %s", topic.Code, lang, exampleLabels)
	}
}

// readMore reads additional labels for a topic that ships. It refuses to change existing
// ones.
func (r *reader) readMore(entry yamlread.Entry, before *triagev1.Topic) map[string]string {
	labels, parent, hasParent := readLabels(entry.Value)
	if hasParent {
		if code, ok := parent.Value.Text(before.Parent); ok && !(before.Local && code == before.Parent) {
			refuseParent(parent, before)
		}
	}
	for lang, label := range labels {
		if shipped, ok := before.Labels[lang]; ok && shipped != label.text {
			label.at.Refuse("%s ships with the label %q in %s; remove this one, only further languages can be added", before.Code, shipped, lang)
		}
	}
	return texts(labels)
}

func refuseParent(parent yamlread.Entry, topic *triagev1.Topic) {
	if topic.Parent == "" {
		parent.At.Refuse("%s is a group and has no parent; remove parent", topic.Code)
		return
	}
	parent.At.Refuse("%s is below %s in the framework; remove parent", topic.Code, topic.Parent)
}

// label is a label's text and the key before it.
type label struct {
	text string
	at   yamlread.Value
}

func texts(labels map[string]label) map[string]string {
	texts := map[string]string{}
	for lang, label := range labels {
		texts[lang] = label.text
	}
	return texts
}

// readLabels reads a mapping from languages to labels, which may also contain the parent.
func readLabels(value yamlread.Value) (labels map[string]label, parent yamlread.Entry, hasParent bool) {
	labels = map[string]label{}
	for _, entry := range value.Entries(exampleLabels) {
		if entry.Key == "parent" {
			parent, hasParent = entry, true
		} else if lang, ok := entry.At.Language(); ok {
			labels[lang] = label{readLabel(entry.Value), entry.At}
		}
	}
	return labels, parent, hasParent
}

func readLabel(value yamlread.Value) string {
	text, ok := value.Text("Vold")
	switch {
	case !ok:
	case strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }):
		value.Refuse("the label has line breaks or other control characters; write it in one line")
	case utf8.RuneCountInString(text) > maxLabel:
		value.Refuse("the label has %d characters; write at most %d", utf8.RuneCountInString(text), maxLabel)
	}
	return text
}
