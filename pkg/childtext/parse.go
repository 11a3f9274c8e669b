package childtext

import (
	"iter"

	"github.com/stafett/stafett/pkg/i18n"
	"github.com/stafett/stafett/pkg/yamlread"
)

const (
	exampleVersion = "childtext/5"
	exampleText    = `"I am here."`
	exampleAgain   = `["I am here.", "I am still here."]`
	exampleNeutral = "{receiver: {nb: en annen, da: en anden, en: another}}"
	exampleScopes  = "{and: {nb: og, da: og, en: and}}"
	exampleAnd     = "{nb: og, da: og, en: and}"
	exampleTexts   = "{leg_moved: {nb: ..., da: ..., en: ...}}"
)

// Parse reads texts in this form:
//
//	version: childtext/5
//	neutral:
//	  receiver: {nb: en annen hjelpetjeneste, da: en anden rådgivning, en: another helpline}
//	scopes:
//	  and: {nb: og, da: og, en: and}
//	  summary: {nb: en kort oppsummering, da: et kort resumé, en: a short summary}
//	  ...
//	texts:
//	  leg_moved:
//	    nb: "Nå er det {receiver} du snakker med her."
//	    ...
//
// The file must contain every [Key] in nb, da and en, and nothing else. Parse returns
// either all texts or an error that joins one [yamlread.Error] per mistake, each with
// its line and column in the named file.
func Parse(name string, text []byte) (*Texts, error) {
	texts := &Texts{said: map[i18n.Language]map[Key][]template{}, neutral: map[i18n.Language]map[blank]string{}, scopes: map[i18n.Language]scopeWords{}}
	for _, lang := range i18n.Languages {
		texts.said[lang], texts.neutral[lang] = map[Key][]template{}, map[blank]string{}
	}
	err := yamlread.Read(name, text, func(root yamlread.Value) {
		fields := root.Fields("version", "neutral", "scopes", "texts")
		texts.version, _ = fields.Need("version", exampleVersion).Text(exampleVersion)
		texts.readNeutral(fields.Need("neutral", exampleNeutral))
		texts.readScopes(fields.Need("scopes", exampleScopes))
		texts.readSaid(fields.Need("texts", exampleTexts))
	})
	if err != nil {
		return nil, err
	}
	return texts, nil
}

func (t *Texts) readNeutral(phrases yamlread.Value) {
	var known []string
	for _, b := range blanks {
		known = append(known, b.field())
	}
	fields := phrases.Fields(known...)
	for _, b := range blanks {
		phrase := fields.Need(b.field(), "{nb: ..., da: ..., en: ...}")
		for lang, written := range byLanguage(phrase, "...") {
			t.neutral[lang][b] = readNeutral(written)
		}
	}
}

func (t *Texts) readSaid(texts yamlread.Value) {
	var known []string
	for _, rule := range rules {
		known = append(known, string(rule.key))
	}
	fields := texts.Fields(known...)
	for _, rule := range rules {
		rule.read(fields.Need(string(rule.key), rule.example()), t.said)
	}
}

func byLanguage(value yamlread.Value, example string) iter.Seq2[i18n.Language, yamlread.Value] {
	return func(yield func(i18n.Language, yamlread.Value) bool) {
		fields := value.Fields("nb", "da", "en")
		for _, lang := range i18n.Languages {
			if !yield(lang, fields.Need(string(lang), example)) {
				return
			}
		}
	}
}
