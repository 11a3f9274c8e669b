// Package wording holds the texts about lines in Norwegian bokmål, Danish and English: the
// labels of codes, and the phrases around them. They are data, in wording.yaml.
package wording

import (
	_ "embed"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/rota"
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Language is nb, da or en.
type Language string

// Languages are those in which everything can be said.
var Languages = []Language{"nb", "da", "en"}

// String, Set and Type make Language a flag.
func (l *Language) String() string { return string(*l) }

// Set takes the flag's value.
func (l *Language) Set(text string) error {
	for _, known := range Languages {
		if string(known) == text {
			*l = known
			return nil
		}
	}
	return fmt.Errorf("use nb, da or en")
}

// Type is what the help calls the value.
func (l *Language) Type() string { return "language" }

//go:embed wording.yaml
var file []byte

// texts are the entries of the file, by section, key and language.
var texts = read(file)

func read(text []byte) map[string]map[string]map[string]string {
	sections := map[string]map[string]map[string]string{}
	err := yamlread.Read("wording.yaml", text, func(root yamlread.Value) {
		for _, section := range root.Entries("phrases: ...") {
			sections[section.Key] = map[string]map[string]string{}
			for _, entry := range section.Value.Entries("open: ...") {
				sections[section.Key][entry.Key] = entry.Value.Texts("{nb: åpen, da: åben, en: open}")
			}
		}
	})
	if err != nil {
		panic("wording: the embedded file, which a test reads: " + err.Error())
	}
	return sections
}

// Code is the label of an enum's value, or its name if it has none.
func (l Language) Code(code protoreflect.Enum) string {
	value := code.Descriptor().Values().ByNumber(code.Number())
	if value == nil {
		return fmt.Sprint(code.Number())
	}
	if text, known := texts["codes"][string(value.Name())][string(l)]; known {
		return text
	}
	return string(value.Name())
}

// Say is a phrase with what is to be filled in.
func (l Language) Say(phrase string, args ...any) string {
	text, known := texts["phrases"][phrase][string(l)]
	if !known {
		panic("wording: there is no phrase " + phrase)
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Weekday is a day of RFC 5545, such as MO, with what may go before it: 1SA, -1FR.
func (l Language) Weekday(day string) string {
	code := day[max(0, len(day)-2):]
	return strings.TrimSuffix(day, code) + texts["weekdays"][code][string(l)]
}

// Topic is a topic's code and its label. One that does not ship is told by its code.
func (l Language) Topic(code string) string {
	if label := taxonomy.Default().Label(code, string(l)); label != code {
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
	for _, language := range []string{string(l), "en"} {
		if name := names[language]; name != "" {
			return name
		}
	}
	return id
}

var whys = map[handoverv1.ShiftReason]rota.Why{
	handoverv1.ShiftReason_SHIFT_REASON_ROTATION: rota.Rotation,
	handoverv1.ShiftReason_SHIFT_REASON_COVER:    rota.Covered,
	handoverv1.ShiftReason_SHIFT_REASON_SWAP:     rota.Swapped,
	handoverv1.ShiftReason_SHIFT_REASON_SICK:     rota.Sickness,
}

// ShiftReason is why a unit has a shift, in the words of its rota.
func (l Language) ShiftReason(reason handoverv1.ShiftReason) string {
	return whys[reason].Label(string(l))
}
