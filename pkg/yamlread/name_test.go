package yamlread

import (
	"fmt"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for _, name := range []string{
		"Kors på halsen", "116 111", "خط المساعدة للأطفال 116 111 (طوارئ)", "خط \u200f116 111\u200f", "מוקד\u200e", "می\u200cخواهم",
		"👩🏽‍🚒 Alarm", "❤️", "🏳️‍🌈", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "子ども電話", "Sámi\u00a0linje", "e\u0301", "क\u094d\u200dष", strings.Repeat("å", 200),
	} {
		if err := CheckName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"\u200b":                   "U+200B, which no reader sees; remove it",
		"\u200b\u200b":             "U+200B",
		"a\u200bb":                 "U+200B",
		"\u200d":                   "U+200D",
		"a\u200d":                  "U+200D",
		"a \u200d b":               "U+200D",
		"\u2060":                   "U+2060",
		"\ufeffa":                  "U+FEFF",
		"a\u00adb":                 "U+00AD",
		"\u3164":                   "U+3164",
		"\u2800":                   "U+2800",
		"a\u2028b":                 "U+2028",
		"a\u2029b":                 "U+2029",
		"a\u0085b":                 "U+0085",
		"a\u202eb":                 "U+202E",
		"خط\u202e":                 "U+202E",
		"a\u2067b":                 "U+2067",
		"a\u200fb":                 "U+200F",
		"\u200f\u061c":             "U+200F",
		"a\x1b[2J":                 "U+001B",
		"a\ue000":                  "U+E000",
		"a\U000e0041":              "U+E0041",
		"\ufe0f":                   "U+FE0F",
		"a\nb":                     "line break",
		"\u00a0 \u3000":            "nothing that a reader sees; write letters or numbers",
		"\u0301":                   "nothing that a reader sees",
		strings.Repeat("å", 201):   "the name has 201 characters; write at most 200",
		strings.Repeat("a", 5_000): "the name has 5000 characters; write at most 200",
	} {
		if err := CheckName(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v, want %s", name, err, want)
		}
	}
}

func TestNamesArePlaced(t *testing.T) {
	err := Read("f.yaml", []byte("en: Name\nnb: \"\\u200b\""), func(root Value) { root.Names("{en: Name}") })
	if want := fmt.Sprint("f.yaml:2:5: the text has the character U+200B, which no reader sees; remove it"); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
