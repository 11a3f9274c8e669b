package invariant

import (
	"strings"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// duty checks I10: each line decides about its own duty to report, nobody decides
// it for another, and that the other line reported is no decision. That a record
// does not disappear follows from the chain.
type duty struct{ *finder }

func newDuty(f *finder, _ *facts) walker { return &duty{f} }

func (d *duty) event(s step) {
	k, ok := s.kind.(*eventv1.DutyRecorded)
	if !ok {
		return
	}
	d.applies()
	if line := callingLine(s.append.GetCaller()); line == "" || line != k.GetLine() {
		d.violated(s.mark, "the duty of %q was recorded by %s", k.GetLine(), s.append.GetCaller())
	}
	if k.GetDecision() == handoverv1.DutyDecision_DUTY_DECISION_REPORTED_BY_OTHER_LINE {
		d.violated(s.mark, "%q left its duty to the other line", k.GetLine())
	}
}

// callingLine is the line whose own system has this SPIFFE URI, or nothing.
func callingLine(caller string) string {
	name, isSPIFFE := strings.CutPrefix(caller, "spiffe://")
	_, path, _ := strings.Cut(name, "/")
	line, isLine := strings.CutPrefix(path, "line/")
	if !isSPIFFE || !isLine || strings.Contains(line, "/") {
		return ""
	}
	return line
}
