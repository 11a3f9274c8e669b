package childtext

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stafett/stafett/pkg/i18n"
)

var full = Names{
	Receiver: "Alarmtelefonen for barn og unge",
	Sender:   "SnakkOmPsyken",
	Time:     "kl. 17",
	Code:     "482 913",
}

// told calls visit with every text, filled with names.
func told(names Names, visit func(key Key, lang i18n.Language, text string)) {
	for _, rule := range rules {
		for _, lang := range i18n.Languages {
			for i := range Default().said[lang][rule.key] {
				text, _ := Default().Say(rule.key, string(lang), names, i)
				visit(rule.key, lang, text)
			}
		}
	}
}

func TestEveryKeyIsToldInEveryLanguage(t *testing.T) {
	for _, key := range Keys() {
		for _, lang := range i18n.Languages {
			text, in := Default().Say(key, string(lang), full, 0)
			if in != lang || text == "" {
				t.Errorf("Say(%s, %s) = %q in %s", key, lang, text, in)
			}
		}
	}
}

// The tone that texts.yaml asks for, as far as a program can check it.
func TestTextsAreShortAndCalm(t *testing.T) {
	for _, names := range []Names{full, {}} {
		told(names, func(key Key, lang i18n.Language, text string) {
			if length := utf8.RuneCountInString(text); length > 220 {
				t.Errorf("%s in %s has %d characters: %s", key, lang, length, text)
			}
			if strings.ContainsAny(text, "{}!") || strings.Contains(text, "  ") {
				t.Errorf("%s in %s: %s", key, lang, text)
			}
			if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
				t.Errorf("%s in %s does not end: %s", key, lang, text)
			}
		})
	}
}

func TestEverySentenceBeginsWithACapital(t *testing.T) {
	told(Names{}, func(key Key, lang i18n.Language, text string) {
		for sentence := range strings.SplitAfterSeq(text, ". ") {
			if sentence != capital(sentence) {
				t.Errorf("%s in %s: %q", key, lang, sentence)
			}
		}
	})
}

func TestNamesAreTold(t *testing.T) {
	for _, test := range []struct {
		key  Key
		lang string
		want []string
	}{
		{Bridged, "nb", []string{full.Sender, full.Receiver}},
		{Deferred, "da", []string{full.Receiver, full.Time, full.Sender}},
		{Signposted, "en", []string{full.Receiver, full.Code, full.Sender}},
	} {
		text, _ := Default().Say(test.key, test.lang, full, 0)
		for _, name := range test.want {
			if !strings.Contains(text, name) {
				t.Errorf("%s in %s does not tell %s: %s", test.key, test.lang, name, text)
			}
		}
	}
}

// A line that was asked may still decline, so the child must not be told its name.
func TestNoLineIsNamedBeforeItHasAccepted(t *testing.T) {
	told(full, func(key Key, lang i18n.Language, text string) {
		early := key == Routing || key == Offered
		if early && strings.Contains(text, full.Receiver) {
			t.Errorf("%s in %s: %s", key, lang, text)
		}
	})
}

func TestRepetitionsDiffer(t *testing.T) {
	for _, key := range []Key{Offered, Briefing} {
		for _, lang := range i18n.Languages {
			seen := map[string]bool{}
			for repetition := range 3 {
				text, _ := Default().Say(key, string(lang), full, repetition)
				seen[text] = true
			}
			if len(seen) != 3 {
				t.Errorf("%s in %s says %d different things in 3 repetitions", key, lang, len(seen))
			}
		}
	}
}

func TestAnyRepetitionIsTold(t *testing.T) {
	first, _ := Default().Say(Offered, "nb", full, 0)
	for _, repetition := range []int{-1, 3, 300} {
		if text, _ := Default().Say(Offered, "nb", full, repetition); text != first {
			t.Errorf("repetition %d: %q", repetition, text)
		}
	}
}

func TestAnUnknownKeyHasNoText(t *testing.T) {
	if text, lang := Default().Say("unheard_of", "nb", full, 0); text != "" || lang != "nb" {
		t.Errorf("%q in %s", text, lang)
	}
}

func TestKeysAreTheCallersToChange(t *testing.T) {
	Keys()[0] = "changed"
	if Keys()[0] != Arrived {
		t.Errorf("a caller changed the keys to %v", Keys())
	}
}

func TestDefaultVersion(t *testing.T) {
	if Default().Version() != "childtext/5" {
		t.Errorf("version %q", Default().Version())
	}
}
