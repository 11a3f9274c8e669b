package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/desk/internal/line"
)

// problem is the desk's own reason for doing nothing.
type problem string

func (p problem) Error() string { return string(p) }

const (
	invalid problem = "FIELD_INVALID"
	empty   problem = "EMPTY"
	tooLong problem = "TOO_LONG"
	notIn   problem = "NOT_IN"
	// cannotWrite: nobody would read it there now.
	cannotWrite problem = "CANNOT_WRITE"
	// changed: the form was made for another handover than the current one.
	changed problem = "HANDOVER_STATE"
)

// reason names why something was not done: the platform's reason, or the desk's.
func reason(err error) string {
	var own problem
	switch {
	case errors.As(err, &own):
		return string(own)
	case errors.Is(err, line.ErrUnknown):
		return "UNKNOWN"
	case client.Reason(err) != "":
		return client.Reason(err)
	case errors.Is(err, context.DeadlineExceeded) || status.Code(err) == codes.DeadlineExceeded || status.Code(err) == codes.Unavailable:
		return "UNCERTAIN"
	default:
		return "INTERNAL"
	}
}

// id is the request id of a form.
func id(r *http.Request) (string, error) {
	if err := r.ParseForm(); err != nil {
		return "", tooLong
	}
	made, err := uuid.Parse(r.PostFormValue("id"))
	if err != nil {
		return "", invalid
	}
	return made.String(), nil
}

// longest is how many characters a text may have.
const longest = 4000

// text reads a text that people will see: of bounded length and without control characters.
func text(r *http.Request, name string, most int) (string, error) {
	written := strings.TrimSpace(r.PostFormValue(name))
	switch {
	case written == "":
		return "", empty
	case utf8.RuneCountInString(written) > most:
		return "", tooLong
	}
	return strings.Map(visible, strings.ToValidUTF8(strings.ReplaceAll(written, "\r\n", "\n"), "\uFFFD")), nil
}

func visible(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' {
		return -1
	}
	return r
}
