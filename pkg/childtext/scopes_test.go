package childtext

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stafett/stafett/pkg/i18n"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func asked(lang i18n.Language, scopes ...handoverv1.Scope) string {
	text, _ := Default().Say(ConsentAsked, string(lang), Names{Receiver: "Cyberhus", Scopes: scopes}, 0)
	return text
}

// TestAChildIsToldWhatWouldCross checks that scopes are named in the protocol's order,
// whatever the sender's order.
func TestAChildIsToldWhatWouldCross(t *testing.T) {
	const intro, line, summary = handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_ONE_LINE, handoverv1.Scope_SCOPE_SUMMARY
	for _, test := range []struct{ got, want string }{
		{asked("nb", summary, intro, line), "Kanskje Cyberhus kan hjelpe deg. Sier du ja, får de kort vite hva det gjelder, og dette deles: at du kommer fra oss, setningen vi er blitt enige om og en kort oppsummering. Vil du det? Det er helt greit å si nei, eller ja til bare noe av det."},
		{asked("da", intro, line, line), "Måske kan Cyberhus hjælpe dig. Siger du ja, får de kort at vide, hvad det handler om, og dette deles: at du kommer fra os og den sætning, vi er blevet enige om. Vil du gerne det? Du må gerne sige nej, eller ja til kun noget af det."},
		{asked("en", intro), "Maybe Cyberhus can help you. If you say yes, they are told briefly what it is about, and this is shared: that you come from us. Would you like that? It is fine to say no, or yes to only some of it."},
		{asked("en"), "Maybe Cyberhus can help you. If you say yes, they are told briefly what it is about, and this is shared: what you say yes to. Would you like that? It is fine to say no, or yes to only some of it."},
	} {
		if test.got != test.want {
			t.Errorf("the child is asked\n%s\nwant\n%s", test.got, test.want)
		}
	}
}

// TestNothingThatCrossesIsLeftOut includes a scope that these texts do not know yet.
func TestNothingThatCrossesIsLeftOut(t *testing.T) {
	for _, lang := range i18n.Languages {
		whole := asked(lang, allScopes()...)
		for _, scope := range allScopes() {
			if words := Default().scopes[lang].words[scope]; words == "" || !strings.Contains(whole, words) {
				t.Errorf("%v is not told in %s: %s", scope, lang, whole)
			}
		}
		if length := utf8.RuneCountInString(whole); length > 450 {
			t.Errorf("everything at once has %d characters in %s: %s", length, lang, whole)
		}
		if got := asked(lang, handoverv1.Scope_SCOPE_INTRO, 99); got != asked(lang) {
			t.Errorf("of a scope without words the child is told %s", got)
		}
	}
}
