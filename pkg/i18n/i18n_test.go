package i18n_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/i18n"
)

func TestNearest(t *testing.T) {
	for want, tags := range map[i18n.Language][]string{
		i18n.Norwegian: {"nb", "nb-NO", "NB-no", "nb_NO", "nn", "nn-NO", "no", "no-NO", "nob", "nb-Latn-NO-x-trygg"},
		i18n.Danish:    {"da", "da-DK", "da-GL", "DA", "dan"},
		i18n.English:   {"en", "en-GB", "sv", "sv-SE", "se", "fi", "ar", "uk-UA", "so", "", "und", "dansk", "nb;q=0.8", "?"},
	} {
		for _, tag := range tags {
			if got := i18n.Nearest(tag); got != want {
				t.Errorf("Nearest(%q) = %s, want %s", tag, got, want)
			}
		}
	}
}

func TestNearestGoesThroughTheTags(t *testing.T) {
	for want, tags := range map[i18n.Language][]string{
		i18n.Norwegian: {"se", "nn-NO", "en"}, i18n.Danish: {"da", "nb"}, i18n.English: {"en", "nb"},
	} {
		if got := i18n.Nearest(tags...); got != want {
			t.Errorf("Nearest(%q) = %s, want %s", tags, got, want)
		}
	}
	if got := i18n.Nearest(); got != i18n.English {
		t.Errorf("no tag at all is %s", got)
	}
}

func TestALanguageIsAFlag(t *testing.T) {
	l := i18n.English
	for _, tag := range []string{"", "sv", "NB", "nb-NO"} {
		if err := l.Set(tag); err == nil || l != i18n.English {
			t.Errorf("Set(%q) = %v and left %s", tag, err, l)
		}
	}
	if err := l.Set("da"); err != nil || l.String() != "da" {
		t.Errorf("Set(da) = %v and left %s", err, l.String())
	}
}

func TestTextFallsBackToEnglish(t *testing.T) {
	text := i18n.Text{"nb": "vold", "en": "violence"}
	for lang, want := range map[string]string{"nb": "vold", "da": "violence", "sv": "violence", "en": "violence"} {
		if got := text.In(lang); got != want {
			t.Errorf("In(%s) = %q, want %q", lang, got, want)
		}
	}
	if missing := text.Missing(); !slices.Equal(missing, []i18n.Language{i18n.Danish}) {
		t.Errorf("missing %v, want da", missing)
	}
}

func TestACatalogueHasEveryLanguage(t *testing.T) {
	texts := i18n.MustParse("words.yaml", []byte("phrases:\n  open: {nb: åpen, da: åben, en: open}\n"))
	if got := texts["phrases"]["open"].In("da"); got != "åben" {
		t.Errorf("open in Danish is %q", got)
	}
	defer func() {
		if told := fmt.Sprint(recover()); !strings.Contains(told, "words.yaml:2:3: closed is missing in da") {
			t.Errorf("the refusal says %q", told)
		}
	}()
	i18n.MustParse("words.yaml", []byte("phrases:\n  closed: {nb: stengt, en: closed}\n"))
}
