package taxonomy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const vold = "nb: Vold, da: Vold, en: Violence"

// with returns a file with these topics.
func with(topics ...string) string {
	return "version: test\ntopics:\n  " + strings.Join(topics, "\n  ") + "\n"
}

// own returns a local leaf.
func own(code, parent string) string { return fmt.Sprintf("%s: {parent: %s, %s}", code, parent, vold) }

func TestParseRefuses(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"no version":           {"topics:\n  " + own("V.x_a", "V"), `1:1: version is missing; write version: "1"`},
		"number version":       {"version: 1\ntopics:\n  " + own("V.x_a", "V"), `1:10: found "1"; write text, for example "1"`},
		"odd version":          {"version: 1+2\ntopics:\n  " + own("V.x_a", "V"), `1:10: "1+2" is not a version; write letters, digits, dots and dashes, at most 32, for example oslo-3`},
		"no topics":            {"version: test", "1:1: topics is missing; write topics: {FR.x_new_family: {parent: FR, nb: Ny familie, da: Ny familie, en: New family}}"},
		"empty topics":         {"version: test\ntopics: {}", "2:9: found an empty mapping; write a mapping, for example FR.x_new_family: {parent: FR, nb: Ny familie, da: Ny familie, en: New family}"},
		"unknown key":          {"topic: {}\n" + with(own("V.x_a", "V")), `1:1: unknown key "topic"; write one of version, topics`},
		"twice":                {with(own("V.x_a", "V"), own("V.x_a", "V")), `4:3: key "V.x_a" is already at t.yaml:3:3; keep one of them`},
		"no code":              {with(own("V.Hazing", "V")), `3:3: "V.Hazing" is not a topic code; write a group and a leaf such as FR.x_new_family`},
		"everything":           {with("'*': {" + vold + "}"), `3:3: "*" is not a topic code; write a group and a leaf such as FR.x_new_family`},
		"a group":              {with("Q: {" + vold + "}"), "3:3: Q is not a group of the framework, and groups cannot be added; write a leaf of one of A, DE, EO, FR, MH, MS, NC, PH, PR, S, V"},
		"without x_":           {with("V.bulying: {" + vold + "}"), "3:3: V.bulying is not in the framework as it ships; write V.x_bulying for a leaf of your own, or V.bullying if you mean that one"},
		"in no group":          {with(own("Q.x_a", "Q")), "3:3: Q is not a group of the framework, and groups cannot be added; write a leaf of one of A, DE, EO, FR, MH, MS, NC, PH, PR, S, V"},
		"no parent":            {with("V.x_a: {" + vold + "}"), "3:3: V.x_a names no parent; write parent: V, or another topic of V"},
		"parent not text":      {with("V.x_a: {parent: [V], " + vold + "}"), "3:19: found a list; write text, for example V"},
		"unknown parent":       {with(own("V.x_a", "V.bulying")), `3:19: the parent "V.bulying" is not a topic; write V.bullying, or another topic of V`},
		"unknown local parent": {with(own("V.x_hazing", "V.x_hasing")), `3:24: the parent "V.x_hasing" is not a topic; write V.bullying, or another topic of V`},
		"parent elsewhere":     {with(own("V.x_a", "MH.mood")), "3:19: the parent MH.mood is in another group than V.x_a, and a topic counts in one; write V, or another topic of V"},
		"below itself":         {with(own("V.x_a", "V.x_a")), "3:19: V.x_a is below itself: V.x_a, V.x_a; give one of them a parent outside of this circle, such as V"},
		"circle": {with(own("V.x_d", "V.x_c"), own("V.x_c", "V.x_a"), own("V.x_b", "V.x_c"), own("V.x_a", "V.x_b")),
			"6:19: V.x_a is below itself: V.x_a, V.x_b, V.x_c, V.x_a; give one of them a parent outside of this circle, such as V"},
		"too deep":          {with(chain(10)...), "11:19: more than 8 topics are above V.x_8; write a parent nearer to V\nt.yaml:12:19: more than 8 topics are above V.x_9; write a parent nearer to V"},
		"parent of ours":    {with("V.bullying: {parent: V.neglect, sv: Mobbning}"), "3:16: V.bullying is below V in the framework; remove parent"},
		"parent of a group": {with("V: {parent: MH, sv: Mobbning}"), "3:7: V is a group and has no parent; remove parent"},
		"other parent":      {with("FR.x_parent_substance_use: {parent: FR.conflict, sv: Alkohol}"), "3:31: FR.x_parent_substance_use is below FR in the framework; remove parent"},
		"label of ours":     {with("V: {nb: Vold}"), `3:7: V ships with the label "Vold og overgrep" in nb; remove this one, only further languages can be added`},
		"no Danish":         {with("V.x_a: {parent: V, nb: Vold, en: Violence}"), "3:3: V.x_a has no label in da; write one, for example {nb: Vold, da: Vold, en: Violence}"},
		"no mapping":        {with("V: Vold"), `3:6: found "Vold"; write a mapping, for example {nb: Vold, da: Vold, en: Violence}`},
		"no language":       {with("V: {swedish1234: Våld}"), `3:7: "swedish1234" is not a language; write a BCP 47 tag, for example nb, da or en`},
		"empty label":       {with("V: {sv: ''}"), `3:11: found "''"; write text, for example Vold`},
		"long label":        {with("V: {sv: " + strings.Repeat("å", 101) + "}"), "3:11: the label has 101 characters; write at most 100"},
		"control character": {with(`V: {sv: "Våld\u001b[2J"}`), "3:11: the text has the character U+001B, which no reader sees; remove it"},
		"too many":          {with(many(1001)...), "1003:3: the file has 1001 topics; write at most 1000"},
		"all mistakes":      {"version: 1\ntopics:\n  v: {" + vold + "}\n  " + own("MH.x_a", "V"), "1:10: found \"1\"; write text, for example \"1\"\nt.yaml:3:3: \"v\" is not a topic code; write a group and a leaf such as FR.x_new_family\nt.yaml:4:20: the parent V is in another group than MH.x_a, and a topic counts in one; write MH, or another topic of MH"},
	} {
		t.Run(name, func(t *testing.T) {
			taxonomy, err := Parse("t.yaml", []byte(test.text))
			if err == nil || err.Error() != "t.yaml:"+test.want {
				t.Errorf("Parse =\n%v\nwant\n%s", err, test.want)
			}
			if taxonomy != nil {
				t.Error("gave a taxonomy along with the error")
			}
		})
	}
}

// chain returns local leaves, each below the one before.
func chain(n int) []string {
	all := []string{own("V.x_0", "V")}
	for i := 1; i < n; i++ {
		all = append(all, own(fmt.Sprintf("V.x_%d", i), fmt.Sprintf("V.x_%d", i-1)))
	}
	return all
}

func many(n int) (all []string) {
	for i := range n {
		all = append(all, own(fmt.Sprintf("V.x_%d", i), "V"))
	}
	return all
}

func TestParseAddsToWhatShips(t *testing.T) {
	topics, err := Parse("t.yaml", []byte(with(
		own("V.x_step", "V.x_family"), own("V.x_family", "V"), "V: {sv: Våld, nb: Vold og overgrep}",
		own("FR.x_beer", "FR.x_parent_substance_use"), "FR.x_parent_substance_use: {parent: FR, sv: Alkohol}")))
	if err != nil {
		t.Fatal(err)
	}
	if topics.Version() != "1+test" || len(topics.Topics()) != len(Default().Topics())+3 {
		t.Errorf("version %s with %d topics", topics.Version(), len(topics.Topics()))
	}
	step := topics.Topic("V.x_step")
	if step.GetParent() != "V.x_family" || !step.Local || step.Name != "topics/V.x_step" || step.Labels["da"] != "Vold" {
		t.Errorf("%v", step)
	}
	if topics.Label("V", "sv") != "Våld" || topics.Label("V", "nb") != "Vold og overgrep" || Default().Label("V", "sv") == "Våld" {
		t.Errorf("%v, and %v ships", topics.Topic("V"), Default().Topic("V"))
	}
	if got := topics.Languages(); !slices.Equal(got, []string{"da", "en", "nb", "sv"}) {
		t.Errorf("languages %v", got)
	}
}

// The shipped topics can be copied and extended, at full size.
func TestParseTakesACopyOfWhatShips(t *testing.T) {
	topics, err := Parse("t.yaml", embedded)
	if err != nil || len(topics.Topics()) != len(Default().Topics()) {
		t.Errorf("%v", err)
	}
	if _, err := Parse("t.yaml", []byte(with(many(1000)...))); err != nil {
		t.Error(err)
	}
	if _, err := Parse("t.yaml", []byte(with(chain(8)...))); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(with(own("V.x_a", "V.x_b"), own("V.x_b", "V"))))
	f.Fuzz(func(t *testing.T, text []byte) {
		topics, err := Parse("t.yaml", text)
		if (topics == nil) == (err == nil) {
			t.Errorf("%v, %v", topics, err)
		}
	})
}
