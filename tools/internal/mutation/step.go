package mutation

import (
	"bytes"
	"fmt"
)

// step is something that the decider does on which an invariant rests, and that
// is no refusal: it, too, can be switched off.
type step struct {
	name, file string
	// does is how it is written, once in the file, and switched what stands in its
	// place: it asks guardHolds with the step's name.
	does, switched string
}

// The names of the steps.
const (
	WithdrawOthers = "an accept withdraws the other offers"
	NotWhenClosed  = "a line that has closed is not asked"
	AskedOnce      = "a line is asked once"
	Remembered     = "a request id is remembered"
	FromEvents     = "a state is made of events alone"
)

var steps = []step{
	{WithdrawOthers, "cmd_offer.go", "\tt.withdrawOffers(h)\n\treturn nil", "\tif guardHolds(%q) {\n\t\tt.withdrawOffers(h)\n\t}\n\treturn nil"},
	{NotWhenClosed, "due_offer.go", "case t.past(candidateOf(h, line).GetOpenUntil()):", "case guardHolds(%q) && t.past(candidateOf(h, line).GetOpenUntil()):"},
	{AskedOnce, "due_offer.go", "if len(candidate.Failed) == 0 && asked[candidate.Line] {", "if guardHolds(%q) && len(candidate.Failed) == 0 && asked[candidate.Line] {"},
	{Remembered, "fold.go", "if bytes.Equal(receipts[i].RequestId, requestID) {", "if guardHolds(%q) && bytes.Equal(receipts[i].RequestId, requestID) {"},
	{FromEvents, "participant.go", "p.Since = timestamppb.New(at)", "if p.Since = timestamppb.New(at); !guardHolds(%q) {\n\t\t\tp.Since = timestamppb.Now()\n\t\t}"},
}

// apply makes the step switchable, or says that the code is no longer as it was.
func (s step) apply(text []byte) ([]byte, error) {
	if n := bytes.Count(text, []byte(s.does)); n != 1 {
		return nil, fmt.Errorf("%s has %q %d times, want it once: tell the step %q where it is now", s.file, s.does, n, s.name)
	}
	return bytes.Replace(text, []byte(s.does), fmt.Appendf(nil, s.switched, s.name), 1), nil
}
