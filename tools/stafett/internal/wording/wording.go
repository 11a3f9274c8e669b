// Package wording holds the texts about lines in Norwegian bokmål, Danish and English: the
// labels of codes, and the phrases around them. They are data, in wording.yaml.
package wording

import (
	"cmp"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/i18n"
	"github.com/stafett/stafett/pkg/rota"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Language is nb, da or en, with the texts in it.
type Language struct{ i18n.Language }

//go:embed wording.yaml
var file []byte

var texts = i18n.MustParse("wording.yaml", file)

// In returns a language with its texts.
func In(language i18n.Language) Language { return Language{language} }

// Code is the label of an enum's value, or its name if it has none.
func (l Language) Code(code protoreflect.Enum) string {
	value := code.Descriptor().Values().ByNumber(code.Number())
	if value == nil {
		return fmt.Sprint(code.Number())
	}
	name := string(value.Name())
	return cmp.Or(l.text("codes", name), name)
}

// Say is a phrase with what is to be filled in.
func (l Language) Say(phrase string, args ...any) string {
	text := l.text("phrases", phrase)
	if text == "" {
		panic("wording: there is no phrase " + phrase)
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// text returns "" if the file does not have the key.
func (l Language) text(section, key string) string { return texts[section][key].In(l.String()) }

// Weekday is a day of RFC 5545, such as MO, with what may go before it: 1SA, -1FR.
func (l Language) Weekday(day string) string {
	code := day[max(0, len(day)-2):]
	return strings.TrimSuffix(day, code) + l.text("weekdays", code)
}

// Topic is a topic's code and its label. One that does not ship is told by its code.
func (l Language) Topic(code string) string {
	if label := taxonomy.Default().Label(code, l.String()); label != code {
		return code + " " + label
	}
	return code
}

var days = [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// Time is an instant on the clock of a place: the time alone on the day of now there. At
// the zero now the day is always told.
func (l Language) Time(at, now time.Time, zone *time.Location) string {
	at, now = at.In(zone), now.In(zone)
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return at.Format("15:04")
	}
	return l.Weekday(days[at.Weekday()]) + at.Format(" 2006-01-02 15:04")
}

// Name is what people call something, by its names in languages: in this one, or else in
// English, or else by its id.
func (l Language) Name(names map[string]string, id string) string {
	return cmp.Or(i18n.Text(names).In(l.String()), id)
}

var whys = map[handoverv1.ShiftReason]rota.Why{
	handoverv1.ShiftReason_SHIFT_REASON_ROTATION: rota.Rotation,
	handoverv1.ShiftReason_SHIFT_REASON_COVER:    rota.Covered,
	handoverv1.ShiftReason_SHIFT_REASON_SWAP:     rota.Swapped,
	handoverv1.ShiftReason_SHIFT_REASON_SICK:     rota.Sickness,
}

// ShiftReason is why a unit has a shift, in the words of its rota.
func (l Language) ShiftReason(reason handoverv1.ShiftReason) string {
	return whys[reason].Label(l.String())
}
