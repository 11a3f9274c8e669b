package picture

import (
	_ "embed"
	"fmt"

	"github.com/stafett/stafett/pkg/i18n"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

//go:embed words.yaml
var file []byte

var texts = i18n.MustParse("words.yaml", file)

// say returns a label with its blanks filled.
func say(lang i18n.Language, label string, args ...any) string {
	return fill(texts["words"][label].In(string(lang)), args)
}

// sayState describes a handover's entry into a state. It is empty for a state that something
// else in the picture shows.
func sayState(lang i18n.Language, state handoverv1.HandoverState) string {
	return texts["handovers"][state.String()].In(string(lang))
}

// sayEnd describes how the offer to a line ended.
func sayEnd(lang i18n.Language, state handoverv1.OfferState, line string) string {
	return fill(texts["offers"][state.String()].In(string(lang)), []any{line})
}

func fill(text string, args []any) string {
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}
