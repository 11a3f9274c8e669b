package taxonomy

import (
	"slices"
	"strings"
	"testing"

	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
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
	if !slices.IsSortedFunc(topics, func(a, b *triagev1.Topic) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("not sorted by code")
	}
	at := slices.IndexFunc(topics, func(topic *triagev1.Topic) bool { return topic.Code == "V.physical" })
	if topics[at].Parent != "V" || topics[0].Parent != "" {
		t.Errorf("parents: %+v, %+v", topics[at], topics[0])
	}
	topics[at].Labels["nb"] = "changed"
	Default().Topic("V.physical").Labels["nb"] = "changed"
	if got := Default().Label("V.physical", "nb"); got != "Fysisk vold" {
		t.Errorf("a caller changed the taxonomy to %q", got)
	}
	if unknown := Default().Topic("V.unheard_of"); unknown != nil {
		t.Errorf("gave %v", unknown)
	}
}

func TestTopicsAreWhole(t *testing.T) {
	for _, topic := range Default().Topics() {
		if topic.Name != "topics/"+topic.Code || Code(topic.Name) != topic.Code || topic.Local != strings.Contains(topic.Code, ".x_") {
			t.Errorf("%v", topic)
		}
		if topic.Parent != "" && !Default().Known(topic.Parent) || topic.Parent == "" && topic.Code != Group(topic.Code) {
			t.Errorf("%s has the parent %q", topic.Code, topic.Parent)
		}
		for _, lang := range []string{"nb", "da", "en"} {
			if topic.Labels[lang] == "" {
				t.Errorf("%s has no label in %s", topic.Code, lang)
			}
		}
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

func TestGroup(t *testing.T) {
	for code, want := range map[string]string{"V": "V", "FR.x_parent_substance_use": "FR", "": ""} {
		if got := Group(code); got != want {
			t.Errorf("Group(%q) = %q, want %q", code, got, want)
		}
	}
}
