package yamlread

import "golang.org/x/text/language"

// Language reads a BCP 47 tag, in the one spelling that the standard prefers, so that tags
// can be compared as text.
func (v Value) Language() (string, bool) {
	text, ok := v.Text("nb")
	return text, ok && v.isLanguage(text)
}

// Texts reads a mapping from language tags to text, for example {nb: Vold, en: Violence}.
func (v Value) Texts(example string) map[string]string { return v.texts(example, Value.Text) }

func (v Value) texts(example string, read func(Value, string) (string, bool)) map[string]string {
	texts := map[string]string{}
	for _, entry := range v.Entries(example) {
		text, ok := read(entry.Value, example)
		if ok && entry.At.isLanguage(entry.Key) {
			texts[entry.Key] = text
		}
	}
	return texts
}

func (v Value) isLanguage(text string) bool {
	tag, err := language.Parse(text)
	base, _, _ := tag.Raw()
	switch {
	case err != nil || base.String() == "und":
		v.Refuse("%q is not a language; write a BCP 47 tag, for example nb, da or en", text)
	case tag.String() != text:
		v.Refuse("%q is not how BCP 47 writes this language; write %s", text, tag)
	default:
		return true
	}
	return false
}
