package command

import (
	"fmt"

	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// DecideDisappearance records what the line with custody does about a child in danger who has
// disappeared.
type DecideDisappearance struct {
	Line        string
	Participant string
	Decision    handoverv1.DisappearanceDecision
}

func decideDisappearance(o decide.Origin, r *routingv1.DecideDisappearanceRequest) DecideDisappearance {
	return DecideDisappearance{Line: o.Line, Participant: r.Participant, Decision: r.Decision}
}

func (c DecideDisappearance) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	if err := requireAdult(t, c.Line, c.Participant); err != nil {
		return err
	}
	if !t.Conversation.Disappeared() {
		return refusal.ChildNotDisappeared(fmt.Sprintf("the child of %s is there, or its risk is not R3 or R4; there is nothing to decide", t.Conversation.Name),
			"conversation", t.Conversation.Name)
	}
	t.DecideOnDisappearance(c.Line, c.Participant, c.Decision)
	return nil
}
