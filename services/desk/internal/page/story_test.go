package page_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/i18n"
	"github.com/stafett/stafett/services/desk/internal/page"
	"github.com/stafett/stafett/services/desk/internal/words"
)

// empty is a button, a heading, a label or a paragraph without words: a text that a language lacks.
var empty = regexp.MustCompile(`<(button|h1|h2|h3|label|summary|legend|dt)[^>]*>\s*</`)

func TestEveryViewHasWordsInEveryLanguageAndSaysWhoIsResponsible(t *testing.T) {
	for _, language := range i18n.Languages {
		for _, story := range page.Stories(words.Of(language.String())) {
			var shown bytes.Buffer
			if err := story.Page(&shown, "nonce", "id"); err != nil {
				t.Fatalf("%v of the %s in %s: %v", story.State, story.Side, language, err)
			}
			for _, wrong := range append(empty.FindAllString(shown.String(), -1), containing(shown.String(), "%!", "ZgotmplZ", "HANDOVER_STATE_")...) {
				t.Errorf("%v of the %s in %s has %q", story.State, story.Side, language, wrong)
			}
			if !strings.Contains(shown.String(), `id="responsible"`) {
				t.Errorf("%v of the %s in %s does not say who is responsible", story.State, story.Side, language)
			}
		}
	}
}

func containing(text string, parts ...string) (found []string) {
	for _, part := range parts {
		if strings.Contains(text, part) {
			found = append(found, part)
		}
	}
	return found
}

func TestTheChildSeesNothingBetweenTheCounsellors(t *testing.T) {
	for _, story := range page.Stories(words.Of("nb")) {
		var shown bytes.Buffer
		if err := story.Page(&shown, "nonce", "id"); err != nil {
			t.Fatal(err)
		}
		if sees := strings.Contains(shown.String(), "Jeg er klar."); sees != (story.Side != "child") {
			t.Errorf("%v: the %s sees what is between the counsellors: %t", story.State, story.Side, sees)
		}
	}
}
