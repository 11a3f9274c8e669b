package story

import (
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/yamlread"
)

// keys is a mapping whose allowed keys are known only once some of it has been read.
type keys struct {
	at      yamlread.Value
	entries []yamlread.Entry
}

// keysOf reads a mapping. If there is none, it reports that once, and no key counts as
// missing.
func keysOf(v yamlread.Value, example string) keys {
	entries := v.Entries(example)
	if len(entries) == 0 {
		return keys{}
	}
	return keys{at: v, entries: entries}
}

// get returns the value of an optional key; false if it is missing.
func (k keys) get(name string) (yamlread.Value, bool) {
	for _, entry := range k.entries {
		if entry.Key == name {
			return entry.Value, true
		}
	}
	return yamlread.Value{}, false
}

// need returns the value of a required key.
func (k keys) need(name, example string) yamlread.Value {
	value, ok := k.get(name)
	if !ok {
		k.at.Refuse("%s is missing; write %s: %s", name, name, example)
	}
	return value
}

// only refuses unknown keys.
func (k keys) only(of string, known ...string) {
	for _, entry := range k.entries {
		if !slices.Contains(known, entry.Key) {
			entry.At.Refuse("unknown key %q of %s; write one of %s", entry.Key, of, strings.Join(known, ", "))
		}
	}
}

// text reads text, trimmed of the blanks and line ends that YAML leaves around it.
func text(v yamlread.Value, example string) string {
	found, _ := v.Text(example)
	return strings.TrimSpace(found)
}

// each reads the members of a list.
func each[T any](v yamlread.Value, example string, read func(yamlread.Value) T) []T {
	var all []T
	for _, member := range v.List(example) {
		all = append(all, read(member))
	}
	return all
}
