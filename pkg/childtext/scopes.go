package childtext

import (
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// scopeWords holds one language's words for what a child can share, and the word that
// joins the last two items of a list.
type scopeWords struct {
	and   string
	words map[handoverv1.Scope]string
}

// list names scopes in the protocol's order, without duplicates. It is empty if there
// are not scopes, and if one of them has no words: a child who is told of less than
// would cross has not been asked.
func (w scopeWords) list(scopes []handoverv1.Scope) string {
	scopes = slices.Clone(scopes)
	slices.Sort(scopes)
	var told []string
	for _, scope := range slices.Compact(scopes) {
		if w.words[scope] == "" {
			return ""
		}
		told = append(told, w.words[scope])
	}
	if len(told) < 2 {
		return strings.Join(told, "")
	}
	last := len(told) - 1
	return strings.Join(told[:last], ", ") + " " + w.and + " " + told[last]
}

// scopeField returns the key of a scope in the file, such as one_line for
// SCOPE_ONE_LINE.
func scopeField(scope handoverv1.Scope) string {
	return strings.ToLower(strings.TrimPrefix(scope.String(), "SCOPE_"))
}

// allScopes lists the scopes that can be asked for, in the protocol's order.
func allScopes() []handoverv1.Scope {
	var all []handoverv1.Scope
	for n := range handoverv1.Scope_name {
		if n != 0 {
			all = append(all, handoverv1.Scope(n))
		}
	}
	slices.Sort(all)
	return all
}

func (t *Texts) readScopes(phrases yamlread.Value) {
	known := []string{"and"}
	for _, scope := range allScopes() {
		known = append(known, scopeField(scope))
	}
	fields := phrases.Fields(known...)
	for lang, written := range byLanguage(fields.Need("and", exampleAnd), "and") {
		t.scopes[lang] = scopeWords{and: readNeutral(written), words: map[handoverv1.Scope]string{}}
	}
	for _, scope := range allScopes() {
		for lang, written := range byLanguage(fields.Need(scopeField(scope), "{nb: ..., da: ..., en: ...}"), "...") {
			t.scopes[lang].words[scope] = readNeutral(written)
		}
	}
}
