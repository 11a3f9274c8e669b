package conversationrules

import (
	"strings"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// duty checks I10: each line decides about its own duty to report, nobody decides
// it for another, and that the other line reported is not a decision. That a record
// does not disappear follows from the chain.
type duty struct{ rule.Base }

func NewDuty(f rule.Base, _ *facts.Facts) rule.Walker { return &duty{f} }

func (d *duty) Event(s facts.Step) {
	k, ok := s.Kind.(*eventv1.DutyRecorded)
	if !ok {
		return
	}
	d.Applies()
	if line := callingLine(s.Commit.GetCaller()); line == "" || line != k.GetLine() {
		d.Violated(s.Mark, "the duty of %q was recorded by %s", k.GetLine(), s.Commit.GetCaller())
	}
	if k.GetDecision() == handoverv1.DutyDecision_DUTY_DECISION_REPORTED_BY_OTHER_LINE {
		d.Violated(s.Mark, "%q left its duty to the other line", k.GetLine())
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
