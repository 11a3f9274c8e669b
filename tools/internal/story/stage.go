package story

import (
	"github.com/stafett/stafett/pkg/yamlread"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// stage is the progress of a conversation.
type stage int

const (
	nothing stage = iota
	opened
	proposed
)

// needs returns the stage that the conversation must have reached before the step, by what
// its request names.
func (s *Step) needs() stage {
	if s.Request == nil {
		return nothing
	}
	named := s.Request.ProtoReflect().Descriptor().Fields()
	_, claims := s.Request.(*routingv1.ClaimTicketRequest)
	switch {
	case named.ByName("handover") != nil, named.ByName("offer") != nil:
		return proposed
	case named.ByName("conversation") != nil, claims:
		return opened
	}
	return nothing
}

// makes returns the stage after the step.
func (s *Step) makes() stage {
	switch s.Request.(type) {
	case *intakev1.OpenConversationRequest:
		return opened
	case *routingv1.ProposeHandoverRequest:
		return proposed
	}
	return s.needs()
}

// checkOrder refuses steps that come before what they need exists, once, and steps that
// would have no effect.
func (r *reader) checkOrder(step *Step, does yamlread.Value, k keys) {
	_, at := k.get("at")
	_, after := k.get("after")
	switch tag, tags := step.Request.(*triagev1.TagConversationRequest); {
	case step.needs() >= opened && r.come < opened:
		does.Refuse("%s comes before the conversation is open; write {who: %s, does: open} above it", step.Does, r.somebody(theChild))
	case step.needs() >= proposed && r.come < proposed:
		does.Refuse("%s comes before a handover was proposed; write {who: %s, does: propose handover} above it", step.Does, r.somebody(staff))
	case step.needs() < opened && step.makes() == opened && r.come >= opened:
		does.Refuse("the conversation is open already; write another story for another conversation")
	case step.Does == Wait && !at && !after:
		does.Refuse("wait does not say how long; write after: 45s or at: 19:45:00 beside it")
	case tags && len(tag.Add)+len(tag.Remove) == 0:
		does.Refuse("tag names no topic; write add: [V.physical], or remove")
	}
	r.come = max(r.come, step.makes())
}
