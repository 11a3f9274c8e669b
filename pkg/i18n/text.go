package i18n

import (
	"cmp"

	"github.com/stafett/stafett/pkg/yamlread"
)

// Text is a text by BCP 47 tag.
type Text map[string]string

// In returns the text in a language, in English if there is none, or else "".
func (t Text) In(lang string) string { return cmp.Or(t[lang], t[string(English)]) }

// Missing returns those of [Languages] that the text lacks.
func (t Text) Missing() []Language {
	var missing []Language
	for _, l := range Languages {
		if t[string(l)] == "" {
			missing = append(missing, l)
		}
	}
	return missing
}

// Catalogue holds texts by section and key.
type Catalogue map[string]map[string]Text

// MustParse parses an embedded file of this form, in which every text has all [Languages]:
//
//	phrases:
//	  open: {nb: åpen, da: åben, en: open}
//
// It panics if the file is not in this form.
func MustParse(name string, file []byte) Catalogue {
	texts := Catalogue{}
	err := yamlread.Read(name, file, func(root yamlread.Value) {
		for _, section := range root.Entries("phrases: ...") {
			texts[section.Key] = readSection(section.Value)
		}
	})
	if err != nil {
		panic("i18n: " + err.Error())
	}
	return texts
}

func readSection(section yamlread.Value) map[string]Text {
	texts := map[string]Text{}
	for _, entry := range section.Entries("open: ...") {
		text := Text(entry.Value.Texts("{nb: åpen, da: åben, en: open}"))
		for _, lang := range text.Missing() {
			entry.At.Refuse("%s is missing in %s; write it", entry.Key, lang)
		}
		texts[entry.Key] = text
	}
	return texts
}
