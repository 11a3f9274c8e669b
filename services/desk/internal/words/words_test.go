package words_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/i18n"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/desk/internal/words"
)

func catalogue(t *testing.T) i18n.Catalogue {
	t.Helper()
	text, err := os.ReadFile("words.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return i18n.MustParse("words.yaml", text)
}

// TestAChildCanReadItsTexts: LIX, the words a sentence plus the percentage of words longer than six
// letters, is at most 30. Single texts are too short to be measured, so those of a language are read together.
func TestAChildCanReadItsTexts(t *testing.T) {
	for _, language := range i18n.Languages {
		var all strings.Builder
		for _, text := range catalogue(t)["child"] {
			all.WriteString(strings.TrimRight(text.In(language.String()), ".?!") + ". ")
		}
		if got := lix(all.String()); got > 30 {
			t.Errorf("the child's texts in %s have LIX %.0f, more than 30", language, got)
		}
	}
	if got := lix("Organisasjonsutviklingsprosessene implementeres."); got <= 30 {
		t.Errorf("LIX %.0f for long words: the test cannot fail", got)
	}
}

var wordForm, endForm = regexp.MustCompile(`[\p{L}\p{N}]+`), regexp.MustCompile(`[.:?!]`)

func lix(text string) float64 {
	found, long := wordForm.FindAllString(text, -1), 0
	for _, word := range found {
		if utf8.RuneCountInString(word) > 6 {
			long++
		}
	}
	n := float64(len(found))
	return n/float64(len(endForm.FindAllString(text, -1))) + 100*float64(long)/n
}

// TestTranslationsFillInTheSameNames, so that none shows %!s.
func TestTranslationsFillInTheSameNames(t *testing.T) {
	for section, keys := range catalogue(t) {
		for key, text := range keys {
			for _, language := range i18n.Languages {
				if strings.Count(text.In(language.String()), "%s") != strings.Count(text.In("en"), "%s") {
					t.Errorf("%s.%s in %s has another number of names than in English", section, key, language)
				}
			}
		}
	}
}

func TestCodesThatPeopleChooseHaveWords(t *testing.T) {
	for _, enum := range []protoreflect.Enum{
		handoverv1.RiskLevel(0), handoverv1.Preference(0), handoverv1.Verdict(0), handoverv1.DeclineCode(0), handoverv1.ReturnReason(0),
		handoverv1.AttestReason(0), handoverv1.Outcome(0), handoverv1.CloseReason(0), handoverv1.CancelReason(0), handoverv1.EmergencyService(0),
		handoverv1.OverrideCode(0), handoverv1.RecommendReason(0), handoverv1.SupervisorReason(0),
		handoverv1.DisappearanceDecision(0), handoverv1.HandoverState(0),
	} {
		values := enum.Descriptor().Values()
		for i := range values.Len() {
			value := values.Get(i)
			worded := words.Of("nb").Code(enum.Type().New(value.Number()))
			if value.Number() != 0 && worded == string(value.Name()) {
				t.Errorf("%s has no words", value.Name())
			}
		}
	}
}

func TestRefusalsAreWorded(t *testing.T) {
	if got := words.Of("en").Refusal("TOO_LATE"); !strings.HasPrefix(got, "Too late") {
		t.Errorf("TOO_LATE: %q", got)
	}
	if got := words.Of("da").Refusal("NEVER_HEARD_OF"); !strings.Contains(got, "NEVER_HEARD_OF") {
		t.Errorf("an unknown reason: %q", got)
	}
	if got := words.Accepted("da-DK,en;q=0.8"); got.String() != "da" {
		t.Errorf("a Danish browser reads %s", got)
	}
}
