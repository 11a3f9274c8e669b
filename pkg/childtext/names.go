package childtext

import (
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Names are what the texts are filled with, in words that the child reads. Any of them
// may be missing. One with a brace in it counts as missing, because it looks like a
// template that somebody forgot to fill.
type Names struct {
	// Receiver and Sender are the lines' display names in the child's language.
	Receiver, Sender string
	// Time is when, with its preposition and in the child's language: "i morgen kl. 17".
	// Ask [Language] which language that is.
	Time string
	// Code is what opens the claim ticket, as the child says or types it: "482 913".
	Code string
	// Scopes are what the child is asked to let cross, in any order.
	Scopes []handoverv1.Scope
}

// blank is a place in a text for a name, as the file writes it.
type blank string

const (
	receiver blank = "{receiver}"
	sender   blank = "{sender}"
	instant  blank = "{time}"
	code     blank = "{code}"
	crossing blank = "{scopes}"
)

var blanks = []blank{receiver, sender, instant, code, crossing}

// field is the key of the blank's neutral phrase.
func (b blank) field() string { return strings.Trim(string(b), "{}") }

// of is the name for the blank, and empty when it is missing. What may cross is not a
// name: see scopeWords.
func (n Names) of(b blank) string {
	name := strings.TrimSpace(map[blank]string{
		receiver: n.Receiver,
		sender:   n.Sender,
		instant:  n.Time,
		code:     n.Code,
	}[b])
	if strings.ContainsAny(name, "{}") {
		return ""
	}
	return name
}
