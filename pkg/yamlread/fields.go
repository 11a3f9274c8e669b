package yamlread

import (
	"slices"
	"strings"
)

// Fields is a mapping with known keys.
type Fields struct {
	at     Value
	values map[string]Value
}

// Fields reads a mapping and refuses unknown keys. If the value is not a mapping, it refuses
// that once and no key counts as missing.
func (v Value) Fields(known ...string) Fields {
	entries := v.Entries(known[0] + ": ...")
	if len(entries) == 0 {
		return Fields{}
	}
	fields := Fields{v, map[string]Value{}}
	for _, entry := range entries {
		if !slices.Contains(known, entry.Key) {
			entry.At.Refuse("unknown key %q; write one of %s", entry.Key, strings.Join(known, ", "))
			continue
		}
		fields.values[entry.Key] = entry.Value
	}
	return fields
}

// Need returns the value of a required key.
func (f Fields) Need(key, example string) Value {
	value, ok := f.values[key]
	if !ok {
		f.at.Refuse("%s is missing; write %s: %s", key, key, example)
	}
	return value
}

// Get returns the value of an optional key, and false if it is missing.
func (f Fields) Get(key string) (Value, bool) {
	value, ok := f.values[key]
	return value, ok
}
