package refusal

import (
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Constructor makes an error of one reason. The pairs are its metadata: name, value,
// name, value.
type Constructor func(message string, pairs ...string) *Error

// refuse builds an error for the constructors. A pair named field makes that field the
// violation.
func refuse(reason handoverv1.RefusalReason, message string, pairs []string) *Error {
	e := &Error{Reason: reason, Message: message, Metadata: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		e.Metadata[pairs[i]] = pairs[i+1]
	}
	if field := e.Metadata["field"]; field != "" {
		e.Violations = []Violation{{field, message}}
	}
	return e
}

// Field refuses a request because of one invalid field.
func Field(field, problem string) *Error {
	return Fields(Violation{field, problem})
}

// Fields refuses a request because of all its invalid fields at once. The metadata
// names the first.
func Fields(first Violation, more ...Violation) *Error {
	violations := append([]Violation{first}, more...)
	var told []string
	for _, v := range violations {
		told = append(told, v.Field+": "+v.Problem)
	}
	e := FieldInvalid(strings.Join(told, "; "), "field", first.Field)
	e.Violations = violations
	return e
}
