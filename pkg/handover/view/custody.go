package view

import (
	"github.com/stafett/stafett/pkg/handover"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Custody says who is responsible. Only the line itself sees how well it attends to the
// child.
func Custody(c *statev1.Conversation, line string) *routingv1.Custody {
	custody := c.GetCustody()
	v := &routingv1.Custody{Name: c.Name + "/custody", Line: name(custody.GetLine()), Epoch: custody.GetEpoch()}
	if custody.GetLine() == line {
		v.Alerts, v.AlertDeadline = custody.GetAlerts(), custody.GetAlertDeadline()
	}
	return v
}

// SupervisorCalls returns the calls to a line's own supervisors.
func SupervisorCalls(c *statev1.Conversation, line string) (calls []*routingv1.SupervisorCall) {
	for _, call := range c.SupervisorCalls {
		if call.Line == line {
			calls = append(calls, &routingv1.SupervisorCall{
				Line: name(call.Line), Reason: call.Reason, Handover: numberedName(c.Name, call.Handover), CallTime: call.Time, Count: call.Count,
			})
		}
	}
	return calls
}

// Disappearance shows to the line with custody that its child in danger has disappeared.
func Disappearance(c *statev1.Conversation, line string) *routingv1.Disappearance {
	gone := c.GetDisappearance()
	if gone == nil || c.GetCustody().GetLine() != line {
		return nil
	}
	return &routingv1.Disappearance{Line: name(gone.Line), Deadline: gone.Deadline, Decision: gone.Decision}
}

// Ticket builds a view of a ticket without its secrets or what they are derived from.
func Ticket(conversation string, t *statev1.Ticket) *routingv1.Ticket {
	return &routingv1.Ticket{
		Name: t.Name, Kind: t.Kind, ToLine: name(t.ToLine), Channel: t.Channel, Epoch: t.Epoch,
		ExpireTime: t.Deadline, ClaimTime: t.ClaimTime, Handover: numberedName(conversation, t.Handover),
	}
}

// name returns a line's resource name, or "" for an empty id.
func name(line string) string {
	if line == "" {
		return ""
	}
	return handover.LineName(line)
}

func names(lines []string) (all []string) {
	for _, line := range lines {
		all = append(all, name(line))
	}
	return all
}

// numberedName returns the name of a conversation's n-th handover, or "" for 0.
func numberedName(conversation string, n uint32) string {
	if n == 0 {
		return ""
	}
	return handover.HandoverName(conversation, n)
}
