package rota

import (
	"maps"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/i18n"
	"github.com/stafett/stafett/pkg/yamlread"
)

const maxName = 200

func (r *Rota) readUnits(list yamlread.Value) {
	r.names = map[Unit]i18n.Text{}
	r.numbers = map[Unit]int{}
	r.named = map[string]Unit{nobody: Nobody}
	for _, label := range nobodyLabels {
		r.named[plain(label)] = Nobody
	}
	entries := list.Entries(wantUnits)
	if len(entries) > maxUnits {
		list.Refuse("there are %d units; write at most %d", len(entries), maxUnits)
		return
	}
	for _, entry := range entries {
		if id, ok := readID(entry.At, "odder"); ok {
			r.readUnit(Unit(id), entry)
		}
	}
}

func (r *Rota) readUnit(unit Unit, entry yamlread.Entry) {
	names := i18n.Text(entry.Value.Texts(wantNames))
	r.numbers[unit] = len(r.units)
	r.units = append(r.units, unit)
	r.names[unit] = names
	r.claim(unit, string(unit), entry.At)
	for _, lang := range names.Missing() {
		entry.At.Refuse("%s has no name in %s; write one, for example %s", unit, lang, wantNames)
	}
	for _, lang := range slices.Sorted(maps.Keys(names)) {
		if name := names[lang]; isName(name) {
			r.claim(unit, name, entry.At)
			continue
		}
		entry.At.Refuse("%s has a name that calendars cannot carry; write one line of at most %d letters, without spaces around it", unit, maxName)
	}
}

// claim makes a name refer to the unit. A calendar may use any of them.
func (r *Rota) claim(unit Unit, name string, at yamlread.Value) {
	other, taken := r.named[plain(name)]
	switch {
	case taken && other == Nobody:
		at.Refuse("%q means that nobody has the shift; give the unit another name", name)
	case taken && other != unit:
		at.Refuse("%q is what unit %s is called too; give one of them another name", name, other)
	}
	r.named[plain(name)] = unit
}

func isName(name string) bool {
	return strings.TrimSpace(name) == name && yamlread.CheckName(name) == nil
}

// readMember reads the id of a unit in the file.
func (r *Rota) readMember(value yamlread.Value) (Unit, bool) {
	id, ok := value.Text("odder")
	if _, known := r.names[Unit(id)]; ok && !known {
		value.Refuse("there is no unit %q; write one of %s", id, r.listUnits())
		return "", false
	}
	return Unit(id), ok
}
