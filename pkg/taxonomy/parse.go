package taxonomy

import (
	"regexp"

	"github.com/stafett/stafett/pkg/yamlread"
)

var codePattern = regexp.MustCompile(`^[A-Z]{1,2}(\.[a-z][a-z0-9_]{0,62})?$`)

const exampleLabels = "{nb: Vold, da: Vold, en: Violence}"

// Parse reads a taxonomy:
//
//	version: "1"
//	topics:
//	  V: {nb: Vold, da: Vold, en: Violence}
//	  V.physical: {nb: Fysisk vold, da: Fysisk vold, en: Physical violence}
//
// It is all or nothing: the error joins one [yamlread.Error] per mistake, each with
// its line and column in the file of that name.
func Parse(name string, text []byte) (*Taxonomy, error) {
	taxonomy := &Taxonomy{topics: map[string]Topic{}}
	err := yamlread.Read(name, text, func(root yamlread.Value) {
		fields := root.Fields("version", "topics")
		taxonomy.version, _ = fields.Need("version", `"1"`).Text(`"1"`)
		taxonomy.readTopics(fields.Need("topics", "{V: "+exampleLabels+"}"))
	})
	if err != nil {
		return nil, err
	}
	return taxonomy, nil
}

func (t *Taxonomy) readTopics(list yamlread.Value) {
	entries := list.Entries("V: " + exampleLabels)
	for _, entry := range entries {
		if !codePattern.MatchString(entry.Key) {
			entry.At.Refuse("%q is no topic code; write a group such as V or a leaf such as V.physical", entry.Key)
			continue
		}
		t.topics[entry.Key] = readTopic(entry)
	}
	for _, entry := range entries {
		if parent := t.topics[entry.Key].Parent; parent != "" && !t.Known(parent) {
			entry.At.Refuse("%q belongs to a group %s that is not there; write %s: %s as well", entry.Key, parent, parent, exampleLabels)
		}
	}
}

func readTopic(entry yamlread.Entry) Topic {
	topic := Topic{Code: entry.Key, Labels: entry.Value.Texts(exampleLabels)}
	if group := Group(entry.Key); group != entry.Key {
		topic.Parent = group
	}
	for _, lang := range []string{"nb", "da", "en"} {
		if topic.Labels[lang] == "" {
			entry.At.Refuse("%s has no label in %s; write one, for example %s", entry.Key, lang, exampleLabels)
		}
	}
	return topic
}
