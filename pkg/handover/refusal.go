package handover

import (
	"fmt"
	"strings"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Refusal is the answer to a command that may not happen. Nothing has changed.
type Refusal struct {
	// Reason is stable: callers switch on it.
	Reason handoverv1.RefusalReason
	// Message says what is wrong, where, and what to do.
	Message string
	// Metadata holds every variable of the message, by name.
	Metadata map[string]string
}

func (r *Refusal) Error() string { return r.Message }

// Code is the reason without its prefix, such as TOO_LATE.
func (r *Refusal) Code() string {
	return strings.TrimPrefix(r.Reason.String(), "REFUSAL_REASON_")
}

// refuse makes a refusal. The pairs are its metadata: name, value, name, value.
func refuse(reason handoverv1.RefusalReason, message string, pairs ...string) *Refusal {
	metadata := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		metadata[pairs[i]] = pairs[i+1]
	}
	return &Refusal{Reason: reason, Message: message, Metadata: metadata}
}

func refuseField(field, problem string) *Refusal {
	return refuse(handoverv1.RefusalReason_REFUSAL_REASON_FIELD_INVALID,
		fmt.Sprintf("%s: %s", field, problem), "field", field)
}
