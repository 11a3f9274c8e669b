package deadline

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// losePromises asks the senders of deferred handovers to decide at once where a line cannot take the
// child at the time that was promised to it.
func losePromises(t *decide.Turn, keeps handover.Keeps) {
	if keeps == nil || t.Conversation.CloseTime != nil {
		return
	}
	for h := range t.Conversation.Handovers() {
		if !h.Promised() || t.Past(h.Deadline) {
			continue
		}
		if why, others := keeps(t.Conversation.Conversation, h.Slot); why != 0 {
			t.Emit(&eventv1.PromiseLost{Handover: h.Number(), Reason: why, DecisionDeadline: t.In(deferralDecision(t, h)), Slots: others})
		}
	}
}
