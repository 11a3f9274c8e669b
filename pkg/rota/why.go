package rota

import (
	"cmp"

	"github.com/stafett/stafett/pkg/i18n"
)

// Why is the reason why a unit has a shift.
type Why string

const (
	Rotation Why = "rotation" // its turn
	Covered  Why = "cover"    // assigned for this date
	Swapped  Why = "swap"     // two dates were exchanged
	Sickness Why = "sickness" // the unit that had it is unavailable
)

var whyLabels = map[Why]i18n.Text{
	Rotation: {"nb": "Vakt etter tur", "da": "Vagt efter tur", "en": "Its turn"},
	Covered:  {"nb": "Endret for denne dagen", "da": "Ændret for denne dag", "en": "Changed for this date"},
	Swapped:  {"nb": "Byttet vakt", "da": "Byttet vagt", "en": "Swapped"},
	Sickness: {"nb": "Overtatt ved sykdom", "da": "Overtaget ved sygdom", "en": "Took over in sickness"},
}

// Label returns the reason in the language, or in English if there is no translation.
func (w Why) Label(lang string) string {
	return cmp.Or(whyLabels[w].In(lang), string(w))
}
