package mutation

import (
	"bytes"
	"fmt"
)

// step is something that the decider does that an invariant depends on, and that is not a
// refusal: it can be switched off too.
type step struct {
	name string
	// file is its path below pkg/handover.
	file string
	// does is the source of the step, which occurs once in the file; switched is its
	// replacement, which calls guardHolds with the step's name.
	does, switched string
}

const (
	WithdrawOthers = "an accept withdraws the other offers"
	NotWhenClosed  = "a line that has closed is not asked"
	AskedOnce      = "a line is asked once"
	Remembered     = "a request id is remembered"
	FromEvents     = "a state is made of events alone"
)

var steps = []step{
	{WithdrawOthers, "command/offer.go", "\tt.WithdrawOffers(h)\n\treturn nil", "\tif guardHolds(%q) {\n\t\tt.WithdrawOffers(h)\n\t}\n\treturn nil"},
	{NotWhenClosed, "decide/steps.go", "case t.Past(h.Candidate(o.Line).GetOpenUntil()):", "case guardHolds(%q) && t.Past(h.Candidate(o.Line).GetOpenUntil()):"},
	{AskedOnce, "decide/ranking.go", "case listed[candidate.Line], barred[candidate.Line] && !spared:", "case listed[candidate.Line], guardHolds(%q) && barred[candidate.Line] && !spared:"},
	{Remembered, "receipt.go", "if receipt, ok := r[string(requestID)]; ok {", "if receipt, ok := r[string(requestID)]; ok && guardHolds(%q) {"},
	{FromEvents, "evolve/presence.go", "p.Since = timestamppb.New(at)", "if p.Since = timestamppb.New(at); !guardHolds(%q) {\n\t\t\tp.Since = timestamppb.Now()\n\t\t}"},
}

// apply makes the step switchable. It fails if the source has changed.
func (s step) apply(text []byte) ([]byte, error) {
	if n := bytes.Count(text, []byte(s.does)); n != 1 {
		return nil, fmt.Errorf("%s has %q %d times, want it once: tell the step %q where it is now", s.file, s.does, n, s.name)
	}
	return bytes.Replace(text, []byte(s.does), fmt.Appendf(nil, s.switched, s.name), 1), nil
}
