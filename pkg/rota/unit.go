package rota

import (
	"cmp"
	"maps"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Unit is the id of a staffing unit, for example aarhus.
type Unit string

// Nobody is the unit of a shift that nobody has.
const Nobody Unit = ""

// nobody is how files name [Nobody].
const nobody = "nobody"

var nobodyLabels = map[string]string{"nb": "Ingen (stengt)", "da": "Ingen (lukket)", "en": "Nobody (closed)"}

// Name is the unit in words of the language, in English where it has none in that
// language, and the id itself where the rota does not know it.
func (r *Rota) Name(unit Unit, lang string) string {
	names := r.names[unit]
	if unit == Nobody {
		names = nobodyLabels
	}
	return cmp.Or(names[lang], names["en"], string(unit))
}

// Units are all units, in the order of the file.
func (r *Rota) Units() []Unit { return append([]Unit(nil), r.units...) }

// Names are the unit's names by BCP 47 language, at least in nb, da and en. They are
// the caller's to change.
func (r *Rota) Names(unit Unit) map[string]string { return maps.Clone(r.names[unit]) }

func (r *Rota) knows(unit Unit) bool {
	_, ok := r.names[unit]
	return ok || unit == Nobody
}

// plain is a name as names are compared, however its letters were put together.
func plain(name string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(name))) }

// unitNamed finds a unit by its id or by its name in any language.
func (r *Rota) unitNamed(name string) (Unit, bool) {
	unit, ok := r.named[plain(name)]
	return unit, ok
}
