package childtext

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stafett/stafett/pkg/i18n"
	"github.com/stafett/stafett/pkg/yamlread"
)

// maxLength is the maximum number of characters in a text before its blanks are filled.
// A child in distress does not read more.
const maxLength = 200

// read adds the texts of one key to said.
func (r rule) read(value yamlread.Value, said map[i18n.Language]map[Key][]template) {
	for lang, written := range byLanguage(value, r.exampleText()) {
		said[lang][r.key] = r.readVariants(written)
	}
}

func (r rule) readVariants(written yamlread.Value) []template {
	if r.shape == once {
		return []template{r.readTemplate(written)}
	}
	list := written.List(exampleAgain)
	if len(list) == 1 {
		written.Refuse("%s is repeated; write at least two texts, for example %s", r.key, exampleAgain)
	}
	var variants []template
	for _, member := range list {
		variant := r.readTemplate(member)
		same := func(other template) bool { return slices.Equal(other, variant) }
		if variant != nil && slices.ContainsFunc(variants, same) {
			member.Refuse("this text is here already; write another")
		}
		variants = append(variants, variant)
	}
	return variants
}

// readTemplate returns nil if there is no text.
func (r rule) readTemplate(written yamlread.Value) template {
	text, ok := written.Text(exampleText)
	if !ok {
		return nil
	}
	checkForm(written, text)
	made := cut(text)
	for _, b := range made.blanks() {
		if !slices.Contains(r.allowed(), b) {
			written.Refuse("%s cannot be used in %s; write %s", b, r.key, r.choice())
		}
	}
	for _, b := range r.needs {
		if !slices.Contains(made.blanks(), b) {
			written.Refuse("%s is missing; %s does not tell enough without it", b, r.key)
		}
	}
	return made
}

func readNeutral(written yamlread.Value) string {
	text, _ := written.Text("another helpline")
	checkForm(written, text)
	if strings.ContainsAny(text, "{}") {
		written.Refuse("this replaces a missing name; write it without { and }")
	}
	return text
}

func checkForm(written yamlread.Value, text string) {
	if length := utf8.RuneCountInString(text); length > maxLength {
		written.Refuse("the text has %d characters; write at most %d", length, maxLength)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		written.Refuse("the text has a line break or a tab; write it on one line")
	}
}

// choice lists the blanks that a writer may use.
func (r rule) choice() string {
	if len(r.allowed()) == 0 {
		return "the text without { and }"
	}
	return fmt.Sprintf("one of %s or none", strings.Trim(fmt.Sprint(r.allowed()), "[]"))
}

func (r rule) exampleText() string {
	if r.shape == again {
		return exampleAgain
	}
	return exampleText
}

func (r rule) example() string {
	return fmt.Sprintf("{nb: %[1]s, da: %[1]s, en: %[1]s}", r.exampleText())
}
