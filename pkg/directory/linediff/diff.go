// Package linediff compares two sets of lines, field by field.
package linediff

import (
	"cmp"
	"maps"
	"slices"

	"github.com/stafett/stafett/pkg/directory"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Change describes what happens to one line.
type Change struct {
	// Line is its id.
	Line string
	Kind ChangeKind
	// Fields are the fields that differ, sorted by path. For an added or removed line they
	// are all its fields.
	Fields []FieldChange
}

// ChangeKind is what happens to a line.
type ChangeKind string

const (
	Added   ChangeKind = "added"
	Changed ChangeKind = "changed"
	Removed ChangeKind = "removed"
)

// FieldChange is one field of a line, by its path: ages.min_years, topics, or
// hours[chat].windows[0].opens_minute. A missing value is empty text.
type FieldChange struct{ Path, Before, After string }

// Between returns the changes that turn one directory into the other, sorted by line id. It
// ignores the order of the lines and returns nothing if they are equal.
func Between(before, after []*handoverv1.Line) []Change {
	old, now := byID(before), byID(after)
	var changes []Change
	for _, id := range slices.Sorted(maps.Keys(union(old, now))) {
		change := Change{id, kindOf(old[id], now[id]), fieldChanges(flat(old[id]), flat(now[id]))}
		if change.Kind != Changed || len(change.Fields) > 0 {
			changes = append(changes, change)
		}
	}
	return changes
}

func byID(lines []*handoverv1.Line) map[string]*handoverv1.Line {
	all := map[string]*handoverv1.Line{}
	for _, line := range lines {
		all[directory.ID(line)] = line
	}
	return all
}

func union[V any](a, b map[string]V) map[string]V {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func kindOf(before, after *handoverv1.Line) ChangeKind {
	switch {
	case before == nil:
		return Added
	case after == nil:
		return Removed
	}
	return Changed
}

func fieldChanges(before, after map[string]string) []FieldChange {
	var changes []FieldChange
	for path := range union(before, after) {
		if before[path] != after[path] {
			changes = append(changes, FieldChange{path, before[path], after[path]})
		}
	}
	slices.SortFunc(changes, func(a, b FieldChange) int { return cmp.Compare(a.Path, b.Path) })
	return changes
}
