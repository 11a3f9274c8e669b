package taxonomy

import "testing"

const vold = "{nb: Vold, da: Vold, en: Violence}"

func TestParseRefuses(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"no version":     {"topics:\n  V: " + vold, `t.yaml:1:1: version is missing; write version: "1"`},
		"number version": {"version: 1\ntopics:\n  V: " + vold, `t.yaml:1:10: found "1"; write text, for example "1"`},
		"no topics":      {`version: "1"`, `t.yaml:1:1: topics is missing; write topics: {V: {nb: Vold, da: Vold, en: Violence}}`},
		"empty topics":   {"version: \"1\"\ntopics: {}", `t.yaml:2:9: found an empty mapping; write a mapping, for example V: {nb: Vold, da: Vold, en: Violence}`},
		"unknown key":    {"version: \"1\"\ntopic: {}\ntopics:\n  V: " + vold, `t.yaml:2:1: unknown key "topic"; write one of version, topics`},
		"unknown parent": {"version: \"1\"\ntopics:\n  V.physical: " + vold, `t.yaml:3:3: "V.physical" belongs to a group V that is not there; write V: {nb: Vold, da: Vold, en: Violence} as well`},
		"twice":          {"version: \"1\"\ntopics:\n  V: " + vold + "\n  V: " + vold, `t.yaml:4:3: key "V" stands already at t.yaml:3:3; keep one of them`},
		"no Danish":      {"version: \"1\"\ntopics:\n  V: {nb: Vold, en: Violence}", `t.yaml:3:3: V has no label in da; write one, for example {nb: Vold, da: Vold, en: Violence}`},
		"bad code":       {"version: \"1\"\ntopics:\n  V: " + vold + "\n  V.Physical: " + vold, `t.yaml:4:3: "V.Physical" is no topic code; write a group such as V or a leaf such as V.physical`},
		"everything":     {"version: \"1\"\ntopics:\n  '*': " + vold, `t.yaml:3:3: "*" is no topic code; write a group such as V or a leaf such as V.physical`},
		"all mistakes":   {"version: 1\ntopics:\n  v: " + vold + "\n  MH.mood: " + vold, "t.yaml:1:10: found \"1\"; write text, for example \"1\"\nt.yaml:3:3: \"v\" is no topic code; write a group such as V or a leaf such as V.physical\nt.yaml:4:3: \"MH.mood\" belongs to a group MH that is not there; write MH: {nb: Vold, da: Vold, en: Violence} as well"},
	} {
		t.Run(name, func(t *testing.T) {
			taxonomy, err := Parse("t.yaml", []byte(test.text))
			if err == nil || err.Error() != test.want {
				t.Errorf("Parse =\n%v\nwant\n%s", err, test.want)
			}
			if taxonomy != nil {
				t.Error("gave a taxonomy along with the error")
			}
		})
	}
}

func TestParseTakesALeafBeforeItsGroup(t *testing.T) {
	taxonomy, err := Parse("t.yaml", []byte("version: \"2\"\ntopics:\n  V.physical: "+vold+"\n  V: "+vold))
	if err != nil {
		t.Fatal(err)
	}
	if !taxonomy.Known("V.physical") || taxonomy.Version() != "2" {
		t.Errorf("%+v", taxonomy)
	}
}
