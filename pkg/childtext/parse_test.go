package childtext

import (
	"errors"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/yamlread"
)

const movedEnglish = `    en: "You are now talking with {receiver} here."`

// with returns the shipped file with one change.
func with(t *testing.T, old, new string) string {
	t.Helper()
	if strings.Count(string(embedded), old) != 1 {
		t.Fatalf("%q does not stand once in texts.yaml", old)
	}
	return strings.Replace(string(embedded), old, new, 1)
}

// Each test puts a mistake into the shipped file. The marker ¤ shows where and is
// removed, so that the tests survive changes to the texts above it.
func TestParseRefuses(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"number version":      {"version: childtext/5", "version: ¤1", `found "1"; write text, for example childtext/5`},
		"unknown key":         {"texts:\n", "texts:\n  ¤alone: x\n", `unknown key "alone"; write one of arrived, with_counsellor, `},
		"missing key":         {"texts:\n  arrived:", "texts:\n  ¤answers_later: {}\n  old:", "arrived is missing; write arrived: "},
		"key twice":           {"  arrived:\n", "  arrived: {}\n  ¤arrived:\n", `key "arrived" is already at `},
		"a word":              {"  paused:\n    nb:", "  paused: ¤quiet\n  old:\n    nb:", `found "quiet"; write a mapping, for example nb: ...`},
		"missing language":    {`    nb: "Nå er det {receiver} du snakker med her."` + "\n    da", "    ¤da", `nb is missing; write nb: "I am here."`},
		"unknown language":    {movedEnglish, movedEnglish + "\n    ¤sv: x", `unknown key "sv"; write one of nb, da, en`},
		"blank not for key":   {movedEnglish, `    en: ¤"{sender} and {receiver}"`, "{sender} cannot be used in leg_moved; write one of {receiver} or none"},
		"unknown blank":       {movedEnglish, `    en: ¤"{name} and {receiver}"`, "{name} cannot be used in leg_moved; write one of {receiver} or none"},
		"brace left open":     {movedEnglish, `    en: ¤"{receiver} {receiver"`, "{ cannot be used in leg_moved; write one of {receiver} or none"},
		"needed blank":        {movedEnglish, `    en: ¤"You have moved."`, "{receiver} is missing; leg_moved does not tell enough without it"},
		"no quotes":           {movedEnglish, `    en: ¤{receiver}`, `found a mapping; write text, for example "I am here."`},
		"no text":             {movedEnglish, `    en: ¤""`, `found "\"\""; write text, for example "I am here."`},
		"too long":            {movedEnglish, `    en: ¤"{receiver}` + strings.Repeat("å", 191) + `"`, "the text has 201 characters; write at most 200"},
		"two lines":           {movedEnglish, `    en: ¤"{receiver}\nhere"`, "the text has a line break or a tab; write it on one line"},
		"one variant":         {"  briefing:\n", "  briefing:\n    en: ¤[\"I am here.\"]\n  old:\n", "briefing is repeated; write at least two texts, for example "},
		"variants alike":      {"  briefing:\n", "  briefing:\n    en: [\"I am here.\", ¤\"I am here.\"]\n  old:\n", "this text is here already; write another"},
		"no list":             {"  briefing:\n", "  briefing:\n    en: ¤\"I am here.\"\n  old:\n", `found "\"I am here.\""; write a list, for example ["I am here.", "I am still here."]`},
		"list":                {movedEnglish, `    en: ¤["{receiver}"]`, `found a list; write text, for example "I am here."`},
		"neutral with blank":  {"en: another helpline", `en: ¤"{receiver}"`, "this replaces a missing name; write it without { and }"},
		"no neutral phrase":   {"neutral:\n", "neutral:\n  ¤day: {nb: i dag, da: i dag, en: today}\n", `unknown key "day"; write one of receiver, sender, time, opening, code, scopes`},
		"scope without words": {"  and: {nb: og, da: og, en: and}\n  intro: {nb: at du kommer fra oss, da: at du kommer fra os, en: that you come from us}\n", "  ¤and: {nb: og, da: og, en: and}\n", "intro is missing; write intro: "},
		"unknown scope":       {"  intro: {", "  ¤diary: {nb: x, da: x, en: x}\n  intro: {", `unknown key "diary"; write one of and, intro, codes, `},
		"scope with a blank":  {"en: some of what you wrote}", `en: ¤"{code}"}`, "this replaces a missing name; write it without { and }"},
		"neutral in one less": {"receiver: {nb: en annen hjelpetjeneste, da: en anden rådgivning, en: another helpline}", "receiver: ¤{nb: en annen, da: en anden}", "en is missing; write en: ..."},
	} {
		t.Run(name, func(t *testing.T) {
			expectMistake(t, with(t, test.old, test.new), test.want)
		})
	}
}

func expectMistake(t *testing.T, text, want string) {
	t.Helper()
	before, after, _ := strings.Cut(text, "¤")
	texts, err := Parse("t.yaml", []byte(before+after))
	if texts != nil || err == nil {
		t.Fatalf("Parse = %v, %v", texts, err)
	}
	line, column := place(before)
	want = (&yamlread.Error{File: "t.yaml", Line: line, Column: column, Message: want}).Error()
	if !strings.Contains("\n"+err.Error(), "\n"+want) {
		t.Errorf("Parse =\n%v\nwant\n%s", err, want)
	}
}

func place(before string) (line, column int) {
	return strings.Count(before, "\n") + 1, len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
}

func TestParseRefusesWhatIsNoTextsAtAll(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"empty":       {"", "t.yaml:1:1: the file is empty"},
		"tab":         {"version: childtext/5\ntexts:\n\tarrived: x\n", "t.yaml:3:1: not YAML: "},
		"not YAML":    {"version: [childtext/5", "t.yaml:1:10: not YAML: "},
		"prose":       {"We are here for you", `t.yaml:1:1: found "We are here for you"; write a mapping, for example version: ...`},
		"not UTF-8":   {"version: childtext/5\ntexts: \xff", "t.yaml:2:1: the line is not UTF-8"},
		"two MB":      {strings.Repeat("# x\n", 1<<19), "t.yaml:1:1: the file has 2097152 bytes; write at most "},
		"no version":  {"neutral: {}\nscopes: {}\ntexts: {}", "t.yaml:1:1: version is missing; write version: childtext/5\nt.yaml:1:10: found an empty mapping"},
		"other texts": {"version: \"1\"\ntopics: {}", `t.yaml:1:1: neutral is missing; write neutral: {receiver: {nb: en annen, da: en anden, en: another}}`},
	} {
		t.Run(name, func(t *testing.T) {
			texts, err := Parse("t.yaml", []byte(test.text))
			if texts != nil || err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("Parse = %v,\n%v\nwant\n%s...", texts, err, test.want)
			}
			if mistake := (*yamlread.Error)(nil); !errors.As(err, &mistake) {
				t.Errorf("%T has no place", err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(embedded)
	f.Add([]byte("version: childtext/5\ntexts:\n  leg_moved: {en: '{receiver'}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if texts, err := Parse("t.yaml", text); (texts == nil) == (err == nil) {
			t.Errorf("Parse = %v, %v", texts, err)
		}
	})
}
