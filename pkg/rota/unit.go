package rota

import (
	"cmp"
	"maps"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/stafett/stafett/pkg/i18n"
)

// Unit is the id of a staffing unit, for example aarhus.
type Unit string

// Nobody is the unit of a shift that nobody has.
const Nobody Unit = ""

// nobody is the name of [Nobody] in files.
const nobody = "nobody"

var nobodyLabels = i18n.Text{"nb": "Ingen (stengt)", "da": "Ingen (lukket)", "en": "Nobody (closed)"}

// Name returns the unit's name in the language, or in English if it has none in that
// language, or the id itself if the rota does not know the unit.
func (r *Rota) Name(unit Unit, lang string) string {
	names := r.names[unit]
	if unit == Nobody {
		names = nobodyLabels
	}
	return cmp.Or(names.In(lang), string(unit))
}

// Units returns all units, in file order.
func (r *Rota) Units() []Unit { return append([]Unit(nil), r.units...) }

// Names returns the unit's names by BCP 47 language, at least nb, da and en. The caller may
// change them.
func (r *Rota) Names(unit Unit) map[string]string { return maps.Clone(r.names[unit]) }

func (r *Rota) knows(unit Unit) bool {
	_, ok := r.names[unit]
	return ok || unit == Nobody
}

// plain normalizes a name for comparison: case, surrounding spaces and composed characters.
func plain(name string) string { return strings.ToLower(norm.NFC.String(strings.TrimSpace(name))) }

// unitNamed finds a unit by its id or by its name in any language.
func (r *Rota) unitNamed(name string) (Unit, bool) {
	unit, ok := r.named[plain(name)]
	return unit, ok
}
