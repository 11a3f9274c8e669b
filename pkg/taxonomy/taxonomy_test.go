package taxonomy

import (
	"slices"
	"testing"
)

func TestDefault(t *testing.T) {
	topics := Default()
	for _, code := range []string{
		"MS", "V", "MH", "PH", "A", "DE", "FR", "PR", "EO", "S", "NC",
		"V.bullying", "V.cyberbullying", "V.neglect", "V.physical", "V.psychological_emotional", "V.sexual", "V.online_csae",
		"MH.mood", "FR.x_parent_substance_use", "PR.loneliness", "EO.school", "NC.silent",
	} {
		if !topics.Known(code) {
			t.Errorf("%s is not known", code)
		}
	}
	for _, code := range []string{"", Everything, "X", "V.", "v", "V.bully", "EO.bullying"} {
		if topics.Known(code) {
			t.Errorf("%q is known", code)
		}
	}
	if topics.Version() != "1" {
		t.Errorf("version %q", topics.Version())
	}
}

func TestTopicsAreSortedCopies(t *testing.T) {
	topics := Default().Topics()
	if !slices.IsSortedFunc(topics, func(a, b Topic) int { return slices.Compare([]string{a.Code}, []string{b.Code}) }) {
		t.Error("not sorted by code")
	}
	at := slices.IndexFunc(topics, func(topic Topic) bool { return topic.Code == "V.physical" })
	if topics[at].Parent != "V" || topics[0].Parent != "" {
		t.Errorf("parents: %+v, %+v", topics[at], topics[0])
	}
	topics[at].Labels["nb"] = "changed"
	if got := Default().Label("V.physical", "nb"); got != "Fysisk vold" {
		t.Errorf("a caller changed the taxonomy to %q", got)
	}
}

func TestLabel(t *testing.T) {
	for _, test := range []struct{ code, lang, want string }{
		{"V.neglect", "nb", "Omsorgssvikt"},
		{"V.neglect", "da", "Omsorgssvigt"},
		{"V.neglect", "sv", "Neglect"},
		{"V.unheard_of", "nb", "V.unheard_of"},
	} {
		if got := Default().Label(test.code, test.lang); got != test.want {
			t.Errorf("Label(%s, %s) = %q, want %q", test.code, test.lang, got, test.want)
		}
	}
}

func TestCovers(t *testing.T) {
	for _, test := range []struct {
		topic, code string
		want        bool
	}{
		{"*", "V.physical", true},
		{"V", "V.physical", true},
		{"V", "V", true},
		{"V.physical", "V.physical", true},
		{"V.physical", "V", false},
		{"V.physical", "V.neglect", false},
		{"M", "MH.mood", false},
		{"MH", "MS.runaway", false},
	} {
		if got := Covers(test.topic, test.code); got != test.want {
			t.Errorf("Covers(%s, %s) = %t", test.topic, test.code, got)
		}
	}
}

func TestGroup(t *testing.T) {
	for code, want := range map[string]string{"V": "V", "FR.x_parent_substance_use": "FR", "": ""} {
		if got := Group(code); got != want {
			t.Errorf("Group(%q) = %q, want %q", code, got, want)
		}
	}
}
