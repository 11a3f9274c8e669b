package aggregate

import (
	"errors"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Result is how a command ended.
type Result int

// The results. Where none of the first three holds, Err says why.
const (
	Committed   Result = iota + 1 // the log has it now
	Replayed                      // the log had it already, under the same request id
	NothingToDo                   // everything is as the command wants it; nothing was committed
	Refused                       // Decide refused, on the newest state
	Contended                     // others were faster
	Unknown                       // the log did not answer; the command may or may not be in it
	Failed                        // it could not be carried out, and repeating it would not help
)

// Outcome is how a command ended, and its answer.
type Outcome struct {
	Result Result
	// Recorded is the answer where the command was carried out, or had nothing to do.
	Recorded *handoverv1.Recorded
	// Err is why there is no answer.
	Err error
}

// Answer is the outcome as a caller gets it.
func (o Outcome) Answer() (*handoverv1.Recorded, error) { return o.Recorded, o.Err }

// Held reports whether things are as the command wants them.
func (o Outcome) Held() bool { return o.Err == nil }

// settled reports whether the outcome holds whatever else the log has.
func (o Outcome) settled() bool {
	return o.Result == Committed || o.Result == Replayed || o.Result == Failed
}

// open reports whether the same attempt may succeed once the log shows more.
func (o Outcome) open() bool { return o.Result == Contended || o.Result == Unknown }

// failure is the outcome of an error of the log.
func failure(err error) Outcome {
	switch {
	case errors.Is(err, eventlog.ErrConflict):
		return Outcome{Result: Contended, Err: err}
	case errors.Is(err, eventlog.ErrUnknown):
		return Outcome{Result: Unknown, Err: err}
	}
	return Outcome{Result: Failed, Err: err}
}
