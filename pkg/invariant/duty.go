package invariant

import (
	"regexp"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// lineCaller is the SPIFFE URI of a line's own system.
var lineCaller = regexp.MustCompile(`^spiffe://[^/]+/line/([^/]+)$`)

// duty checks I10: each line decides about its own duty to report and nobody
// decides it for another. That a record does not disappear follows from the chain.
type duty struct{ *finder }

func newDuty(f *finder) walker { return &duty{finder: f} }

func (d *duty) event(s step) {
	k, ok := s.kind.(*eventv1.DutyRecorded)
	if !ok {
		return
	}
	d.applies()
	caller := lineCaller.FindStringSubmatch(s.Append.GetCaller())
	if caller == nil || caller[1] != k.GetLine() {
		d.violated(s.Recorded, "the duty of %q was recorded by %s", k.GetLine(), s.Append.GetCaller())
	}
}
