package yamlread

import (
	"slices"
	"strings"
)

// Fields is a mapping whose keys are known beforehand.
type Fields struct {
	at     Value
	values map[string]Value
}

// Fields reads a mapping and refuses every key that is not known. Where there is no
// mapping at all, that is refused once and no key counts as missing.
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

// Need is the value of a key that must be there.
func (f Fields) Need(key, example string) Value {
	value, ok := f.values[key]
	if !ok {
		f.at.Refuse("%s is missing; write %s: %s", key, key, example)
	}
	return value
}

// Get is the value of a key that may be missing; false when it is.
func (f Fields) Get(key string) (Value, bool) {
	value, ok := f.values[key]
	return value, ok
}
