package aggregate

import (
	"errors"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Result is how a command ended.
type Result int

// The results. For all but the first three, Err gives the reason.
const (
	Committed   Result = iota + 1 // now in the log
	Replayed                      // already in the log, under the same request id
	NothingToDo                   // everything already is as the command wants it; nothing was committed
	Refused                       // Decide refused, on the newest state
	Contended                     // other writers were faster
	Unknown                       // the log did not answer; the command may or may not be in it
	Failed                        // it could not be executed, and repeating it would not help
)

// Outcome is how a command ended, with its answer.
type Outcome struct {
	Result Result
	// Recorded is the answer if the command was executed, or had nothing to do.
	Recorded *handoverv1.Recorded
	// Err is the reason that there is no answer.
	Err error
}

// Answer returns the outcome in the form that a handler returns.
func (o Outcome) Answer() (*handoverv1.Recorded, error) { return o.Recorded, o.Err }

// Held reports whether things are as the command wants them.
func (o Outcome) Held() bool { return o.Err == nil }

// settled reports whether the outcome holds regardless of what else is in the log.
func (o Outcome) settled() bool {
	return o.Result == Committed || o.Result == Replayed || o.Result == Failed
}

// open reports whether another attempt may succeed once the log shows more.
func (o Outcome) open() bool { return o.Result == Contended || o.Result == Unknown }

// failure is the outcome for an error from the log.
func failure(err error) Outcome {
	switch {
	case errors.Is(err, eventlog.ErrConflict):
		return Outcome{Result: Contended, Err: err}
	case errors.Is(err, eventlog.ErrUnknown):
		return Outcome{Result: Unknown, Err: err}
	}
	return Outcome{Result: Failed, Err: err}
}
