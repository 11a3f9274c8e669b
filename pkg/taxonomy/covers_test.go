package taxonomy

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCovers(t *testing.T) {
	topics, err := Parse("t.yaml", []byte(with(own("V.x_class", "V.x_school"), own("V.x_school", "V.bullying"), own("V.x_honour", "V"))))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		topic, code string
		want        bool
	}{
		{"*", "V.physical", true},
		{"*", "V.x_class", true},
		{"V", "V.physical", true},
		{"V", "V", true},
		{"V", "V.x_class", true},
		{"V.bullying", "V.x_class", true},
		{"V.x_school", "V.x_class", true},
		{"V.x_class", "V.x_school", false},
		{"V.bullying", "V.x_honour", false},
		{"V.physical", "V.x_class", false},
		{"V.physical", "V.physical", true},
		{"V.physical", "V", false},
		{"V.physical", "V.neglect", false},
		{"V", "V.x_of_an_older_taxonomy", true},
		{"V.x_of_an_older_taxonomy", "V.x_of_an_older_taxonomy", true},
		{"V.bullying", "V.x_of_an_older_taxonomy", false},
		{"M", "MH.mood", false},
		{"MH", "MS.runaway", false},
	} {
		if got := topics.Covers(test.topic, test.code); got != test.want {
			t.Errorf("Covers(%s, %s) = %t", test.topic, test.code, got)
		}
	}
}

// A file is accepted exactly if every leaf reaches its group through a bounded number of
// parents. Then a topic covers exactly what lies below it.
func TestParentsHoldTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parents := drawParents(t)
		var lines []string
		for _, code := range codesOf(parents) {
			lines = append(lines, own(code, parents[code]))
		}
		topics, err := Parse("t.yaml", []byte(with(lines...)))
		if want := sound(parents); (err == nil) != want {
			t.Fatalf("sound is %t, and Parse says %v", want, err)
		}
		if err == nil {
			checkCovers(t, topics, append(codesOf(parents), "*", "V", "V.bullying", "MH", "MH.mood", "V.x_unknown"))
		}
	})
}

func drawParents(t *rapid.T) map[string]string {
	codes := []string{"V.x_0", "V.x_1", "V.x_2", "V.x_3", "MH.x_4", "MH.x_5"}
	parents := map[string]string{}
	for _, code := range codes[:rapid.IntRange(1, len(codes)).Draw(t, "leaves")] {
		// Mostly valid, or hardly any file would be accepted.
		among := []string{Group(code), Group(code), Group(code), "V.bullying", "MH.mood", "V.x_gone"}
		parents[code] = rapid.SampledFrom(append(among, codes...)).Draw(t, "parent of "+code)
	}
	return parents
}

func codesOf(parents map[string]string) (codes []string) {
	for i := range 6 {
		for _, group := range []string{"V", "MH"} {
			if code := fmt.Sprintf("%s.x_%d", group, i); parents[code] != "" {
				codes = append(codes, code)
			}
		}
	}
	return codes
}

// sound follows each leaf's parents for as many steps as there are leaves.
func sound(parents map[string]string) bool {
	for code := range parents {
		at := code
		for range len(parents) {
			if next := parents[at]; next != "" && Group(next) == Group(code) {
				at = next
			}
		}
		if parents[at] != "" || at == "V.x_gone" || !Default().Known(at) {
			return false
		}
	}
	return true
}

func checkCovers(t *rapid.T, topics *Taxonomy, codes []string) {
	for _, a := range codes {
		if !topics.Covers(a, a) || !topics.Covers(Everything, a) {
			t.Fatalf("%s is not covered by itself and by everything", a)
		}
		if group := Group(a); a != Everything && !topics.Covers(group, a) {
			t.Fatalf("%s does not cover %s", group, a)
		}
		if topic := topics.Topic(a); topic.GetParent() != "" && !topics.Covers(topic.Parent, a) {
			t.Fatalf("the parent of %s does not cover it", a)
		}
		for _, b := range codes {
			if a != b && topics.Covers(a, b) && topics.Covers(b, a) {
				t.Fatalf("%s and %s cover each other", a, b)
			}
			if topics.Covers(a, b) && slices.ContainsFunc(codes, func(c string) bool { return topics.Covers(b, c) && !topics.Covers(a, c) }) {
				t.Fatalf("%s covers %s, and not all that it covers", a, b)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	for text, want := range map[string]string{
		"V.bulying": "V.bullying", "v.bullying": "V.bullying", "bullying": "V.bullying", "EO.shcool": "EO.school",
		"FR.parent_substance_use": "FR.x_parent_substance_use", "": "A", "V": "V",
		"V.nope": "V", "V.school": "V.sexual", "X.school": "EO.school",
	} {
		if got := Default().Nearest(text); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", text, got, want)
		}
	}
}
