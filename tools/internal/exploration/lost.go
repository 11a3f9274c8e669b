package exploration

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// simplifyLost brings forward what only repeats for as long as one line alone is with the child, or
// the child waits for the sender's word: how much time is left until then makes no difference. The
// budget of a handover without its sender is left out: nothing happens when it is spent but that a
// decision is due, which is explored with a sender.
func simplifyLost(c *statev1.Conversation) {
	h := handover.Of(c).Current()
	if !h.Exists() || h.AwayDeadline != nil || !h.LacksSender() && !h.LacksReceiver() && !h.StayAsked {
		return
	}
	c.Custody.Alerts = min(c.Custody.Alerts, 1)
	sooner(c.Custody.AlertDeadline, h.Deadline, h.DecisionDeadline)
	if h.LacksSender() {
		h.BudgetDeadline, h.DecisionDeadline, h.DecisionDue, h.Decision = nil, nil, false, 0
	}
}

// sooner moves instants in place to a minute from now, unless they come before.
func sooner(instants ...*timestamppb.Timestamp) {
	soon := timestamppb.New(now.Add(time.Minute))
	for _, at := range instants {
		if at != nil && at.AsTime().After(soon.AsTime()) {
			at.Seconds, at.Nanos = soon.Seconds, soon.Nanos
		}
	}
}

// missed reports whether the other line waits to go on without this one.
func missed(h handover.Handover, line string) bool {
	switch {
	case !h.Exists():
		return false
	case line == h.FromLine:
		return h.State < handover.Bridged && h.LacksSender()
	}
	return line == h.ToLine && h.LacksReceiver()
}
