package eventlog

import (
	"fmt"
	"slices"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// AccessName is the name of the stream that records who read the history, and AccessSubject
// its only subject.
const (
	AccessName    = "STAFETT_ACCESS"
	AccessSubject = "stafett.access"
)

// IntegrityName is the name of the stream in which audit records whether the history matches
// what was signed, and IntegritySubject its only subject.
const (
	IntegrityName    = "STAFETT_VERDICT"
	IntegritySubject = "stafett.verdict"
)

// kind is a stream and its writers. No service writes both the history and a stream about it:
// audit, which guards the history, cannot write into it.
type kind struct {
	name, description string
	subjects          []string
	writers           []string
}

var (
	history = kind{
		Name, "The history of Stafett. Nothing in it is ever changed or removed.",
		[]string{"stafett.conversation.*", "stafett.line.*"}, []string{"intake", "triage", "routing"},
	}
	access = kind{
		AccessName, "Who read the history of Stafett. Nothing in it is ever changed or removed.",
		[]string{AccessSubject}, []string{"audit"},
	}
	integrity = kind{
		IntegrityName, "Whether the history of Stafett is as it was signed. The newest message counts.",
		[]string{IntegritySubject}, []string{"audit"},
	}
)

// admits refuses a commit by a service that does not write this stream, and events that the
// service does not own.
func (k kind) admits(a *eventv1.Commit) error {
	if err := owned(a); err != nil {
		return err
	}
	if !slices.Contains(k.writers, a.Service) {
		return fmt.Errorf("%s may not write to %s", a.Service, k.name)
	}
	return nil
}
