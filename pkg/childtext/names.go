package childtext

import (
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Names fill the blanks in the texts, worded for the child. Any of them may be missing.
// A name that contains a brace counts as missing, because it looks like an unfilled
// template.
type Names struct {
	// Receiver and Sender are the lines' display names in the child's language.
	Receiver, Sender string
	// Time says when, with its preposition and in the child's language: "i morgen kl.
	// 17". [i18n.Nearest] returns that language.
	Time string
	// Opening says when the sender opens again, in the same way.
	Opening string
	// Code opens the claim ticket, as the child says or types it: "482 913".
	Code string
	// Scopes are what the child is asked to share, in any order.
	Scopes []handoverv1.Scope
}

// blank is a placeholder for a name, as written in the file.
type blank string

const (
	receiver blank = "{receiver}"
	sender   blank = "{sender}"
	instant  blank = "{time}"
	opening  blank = "{opening}"
	code     blank = "{code}"
	crossing blank = "{scopes}"
)

var blanks = []blank{receiver, sender, instant, opening, code, crossing}

// field returns the key of the blank's neutral phrase.
func (b blank) field() string { return strings.Trim(string(b), "{}") }

// of returns the name for the blank, empty if missing. Scopes are not names: see
// scopeWords.
func (n Names) of(b blank) string {
	name := strings.TrimSpace(map[blank]string{
		receiver: n.Receiver,
		sender:   n.Sender,
		instant:  n.Time,
		opening:  n.Opening,
		code:     n.Code,
	}[b])
	if strings.ContainsAny(name, "{}") {
		return ""
	}
	return name
}
