package linefile

import (
	"strings"
	"testing"
)

// People must be able to read a line's name. Right-to-left names and emoji are allowed.
func TestNamesThatNobodyReads(t *testing.T) {
	text := func(name, operator string) []byte {
		return []byte(strings.NewReplacer("NAME", name, "OPERATOR", operator).Replace(`lines:
  - id: a
    names: {nb: "NAME", en: A}
    operator: "OPERATOR"
    country: "NO"
    time_zone: Europe/Oslo
    topics: [MH]
    ages: 9-19
    languages: [nb]
    hours: {chat: ["every day 10:00-12:00"]}
`))
	}
	for _, name := range []string{"خط المساعدة (طوارئ)", `خط \u200f116 111`, "👩🏽‍🚒 <b>Alarm</b>", "子ども家庭支援センター"} {
		if _, err := parse("f.yaml", text(name, "Kors")); err != nil {
			t.Error(err)
		}
	}
	for name, want := range map[string]string{
		`\u200b`:                  "f.yaml:3:17: the text has the character U+200B, which no reader sees; remove it",
		`a\u2028b`:                "f.yaml:3:17: the text has the character U+2028, which no reader sees; remove it",
		`a\u2029b`:                "f.yaml:3:17: the text has the character U+2029, which no reader sees; remove it",
		`\ufeffa`:                 "f.yaml:3:17: the text has the character U+FEFF, which no reader sees; remove it",
		`a\u2066b`:                "f.yaml:3:17: the text has the character U+2066, which no reader sees; remove it",
		`a\u202eb`:                "f.yaml:3:17: the text has the character U+202E, which no reader sees; remove it",
		strings.Repeat("a", 5000): "f.yaml:3:17: the name has 5000 characters; write at most 200",
	} {
		if _, err := parse("f.yaml", text(name, "Kors")); err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
		if _, err := parse("f.yaml", text("A", name)); err == nil || !strings.HasPrefix(err.Error(), "f.yaml:4:15: ") {
			t.Errorf("as operator: %v", err)
		}
	}
}
