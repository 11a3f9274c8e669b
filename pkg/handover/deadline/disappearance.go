package deadline

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
)

// disappearanceDues lists when supervisors of the line with custody are told that a child in danger has
// disappeared: at once, and again until the line has decided what to do.
func disappearanceDues(c handover.Conversation) []due {
	switch {
	case !c.Disappeared():
		return nil
	case c.Disappearance.GetLine() != c.Custody.Line:
		return []due{{AtOnce, (*decide.Turn).TellOfDisappearance}}
	}
	return when(c.Disappearance.Deadline, (*decide.Turn).TellOfDisappearance)
}
