package rules

import (
	"fmt"
	"strings"
	"testing"
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Each case breaks one place of the built-in rules.
func TestParseRefuses(t *testing.T) {
	const points = "points: 8, holds: specialist"
	for name, test := range map[string]struct{ old, new, want string }{
		"empty":            {string(builtIn), "", "r.yaml:1:1: the file is empty; write something in it, or remove it"},
		"version":          {"routing/7", "Routing 5", `r.yaml:3:10: "Routing 5" is not a version; write a to z, 0 to 9, ., - and /, at most 32 and a letter first, for example my-town/1`},
		"no version":       {"version: routing/7", "", "version is missing; write version: my-town/1"},
		"missing":          {"  TOPIC: for_topic\n", "", "TOPIC is missing; write TOPIC: for_topic"},
		"unknown verdict":  {"TOPIC:", "TOPICS:", `r.yaml:8:3: unknown key "TOPICS"; write one of TOPIC, AGE, LANGUAGE, CHANNEL, AREA, DIRECTION, CAPACITY, RISK`},
		"demanded":         {"  TOPIC:", "  CLOSED: \"true\"\n  TOPIC:", `r.yaml:8:3: unknown key "CLOSED"; write one of TOPIC,`},
		"preference":       {"PLACE:", "HOUSE:", `unknown preference "HOUSE"; write one of SPECIALIST, EMERGENCY, FIRST_LANGUAGE, PLACE, LOAD, WAIT`},
		"twice":            {"PLACE:", "WAIT:", `key "WAIT" is already at`},
		"unknown variable": {"TOPIC: for_topic", "TOPIC: for_topc", `r.yaml:8:10: TOPIC does not compile: line 1, character 1: undeclared reference to 'for_topc' (in container ''); the variables are for_topic, specialist, acute,`},
		"syntax":           {"risk <= max_risk", "risk <=", `RISK does not compile: line 1, character 8: Syntax error: mismatched input '<EOF>'`},
		"types":            {"risk <= max_risk", "risk <= emergency", `RISK does not compile: line 1, character 6: found no matching overload for '_<=_' applied to '(int, bool)'`},
		"a loop":           {"risk <= max_risk", `"[1, 2].exists(n, n == risk)"`, `RISK does not compile: line 1, character 14: undeclared reference to 'exists'`},
		"a number":         {"risk <= max_risk", "max_risk", "RISK is of type int; write what holds or does not, for example free > 0"},
		"anything":         {"risk <= max_risk", "dyn(risk)", "RISK is of type dyn; write what holds or does not"},
		"too long":         {"risk <= max_risk", "risk <= max_risk" + strings.Repeat(" || emergency", 50), "RISK has 666 bytes; write at most 500"},
		"too expensive":    {"risk <= max_risk", "risk < 1" + strings.Repeat("||risk<1", 59), "RISK may cost 120; write one that costs at most 100, about one for each variable and operator"},
		"too deep":         {"risk <= max_risk", strings.Repeat("(", 200) + "emergency" + strings.Repeat(")", 200), "RISK does not compile: expression recursion limit exceeded: 30; correct the CEL"},
		"division by 0":    {"risk <= max_risk", `"1/0 == 1"`, "RISK could not be evaluated for any of 64 inputs: division by zero; write one that can, for example without a division by 0"},
		"always 0":         {"holds: specialist", `holds: "1 % (queue - queue) == 0 && 1 / 0 > 0"`, "SPECIALIST could not be evaluated for any of 64 inputs"},
		"of the child":     {"free > 0 ||", "free > 0 || acute ||", "r.yaml:17:13: CAPACITY is asked again when a line's turn comes, without the child; write it with seats_known,"},
		"no points":        {points, "holds: specialist", "points is missing; write points: 32"},
		"no expression":    {points, "points: 8", "holds is missing; write holds: for_place"},
		"zero":             {points, "points: 0, holds: specialist", "points 0 is out of range; write 1 to 10000"},
		"too many points":  {points, "points: 10001, holds: specialist", "points 10001 is out of range; write 1 to 10000"},
		"the same points":  {points, "points: 16, holds: specialist", "with points 16 two sets of preferences have the sum 16; write powers of two"},
		"the same sum":     {points, "points: 48, holds: specialist", "with points 48 two sets of preferences have the sum 48; write powers of two"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(string(builtIn), test.old, test.new, 1)
			if text == string(builtIn) {
				t.Fatal("the case spoils nothing")
			}
			began := time.Now()
			rules, err := Parse("r.yaml", []byte(text))
			if err == nil || !strings.Contains(err.Error(), test.want) || rules != nil {
				t.Errorf("%v, and\n%v\nwant\n%s", rules, err, test.want)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestParseTellsAllMistakes(t *testing.T) {
	text := strings.NewReplacer("risk <= max_risk", "nothing", "answers_channel", "nobody").Replace(string(builtIn))
	_, err := Parse("r.yaml", []byte(text))
	if err == nil || strings.Count(err.Error(), "undeclared reference") != 2 {
		t.Error(err)
	}
}

// The version identifies the text, except for the built-in rules.
func TestVersion(t *testing.T) {
	same, err := Parse("r.yaml", builtIn)
	if err != nil || same.Version() != "routing/7" || Default().Version() != "routing/7" {
		t.Errorf("%v, %v", same.Version(), err)
	}
	var versions []string
	for _, comment := range []string{"# a\n", "# b\n"} {
		other, err := Parse("r.yaml", []byte(comment+strings.Replace(string(builtIn), "routing/7", "my-town/2", 1)))
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, other.Version())
	}
	if len(versions[0]) != len("routing/7+my-town/2+")+12 || !strings.HasPrefix(versions[0], "routing/7+my-town/2+") || versions[0] == versions[1] {
		t.Error(versions)
	}
}

func with(t testing.TB, old, now string) *Rules {
	t.Helper()
	text := strings.Replace(string(builtIn), old, now, 1)
	rules, err := Parse("r.yaml", []byte(text))
	if err != nil || text == string(builtIn) {
		t.Fatal(err)
	}
	return rules
}

// A rule or preference that cannot be evaluated fails the line and does not raise its rank.
func TestWhatCannotBeEvaluatedFails(t *testing.T) {
	rules := with(t, "risk <= max_risk", "100 / max_risk > risk")
	judge := rules.Judge()
	for most, want := range map[int32]bool{0: true, 4: false} {
		out := judge.Of(Number(MaxRisk, most) | Number(Risk, 1))
		if got := out.Failed>>handoverv1.Verdict_VERDICT_RISK&1 == 1; got != want {
			t.Errorf("divided by %d: fails %t", most, got)
		}
	}
	held := with(t, "holds: specialist", "holds: 1 / max_risk > 0").Judge().Of(Number(MaxRisk, 0)).Held
	if points := rules.Score(held).Points; points&8 != 0 {
		t.Errorf("a preference that cannot be evaluated counts: %d", points)
	}
}

// Every set of preferences has a score of its own, and lists them in file order.
func TestScores(t *testing.T) {
	seen := map[int32]bool{}
	for set := range Held(1 << 6) {
		score := Default().Score(set)
		if seen[score.Points] {
			t.Errorf("two sets come to %d", score.Points)
		}
		seen[score.Points] = true
	}
	all := fmt.Sprint(Default().Score(1<<6 - 1))
	if all != "{63 [PREFERENCE_PLACE PREFERENCE_EMERGENCY PREFERENCE_SPECIALIST PREFERENCE_FIRST_LANGUAGE PREFERENCE_WAIT PREFERENCE_LOAD]}" {
		t.Error(all)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(builtIn)
	f.Add([]byte("version: a/1\nrules: {TOPIC: for_topic}\npreferences: {PLACE: {points: 1, holds: for_place}}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if rules, err := Parse("r.yaml", text); (rules == nil) != (err != nil) {
			t.Errorf("%v, %v", rules, err)
		}
	})
}
