package main

import (
	"context"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
	"github.com/stafett/stafett/tools/bench/internal/warm"
)

// commander sends a line's commands to the platform.
type commander struct{ line *client.Platform }

func newCommander(p *stafett.Platform, sender int) (*commander, error) {
	line, err := p.Peer("line", stafett.Sender(sender))
	return &commander{line}, err
}

func (c *commander) open(ctx context.Context) (string, error) {
	opened, err := c.line.Intake.OpenConversation(ctx, warm.Opening())
	return opened.GetRecorded().GetName(), err
}

// assess sets a conversation's risk, to another level than the time before.
func (c *commander) assess(ctx context.Context, conversation string, time int) error {
	_, err := c.line.Triage.AssessRisk(ctx, assessment(conversation, time))
	return err
}

func assessment(conversation string, time int) *triagev1.AssessRiskRequest {
	return &triagev1.AssessRiskRequest{RequestId: uuid.NewString(), Conversation: conversation, Level: handoverv1.RiskLevel(1 + time%5)}
}

// perConversation is the number of commands sent to a conversation before the next one is
// opened: about as many as a handover takes.
const perConversation = 40

// caller returns a function that sends one command. Kind "open" opens a conversation;
// "assess" sets a conversation's risk, and occasionally opens the next.
func (c *commander) caller(kind string) call {
	if kind == "open" {
		return func(ctx context.Context) error {
			_, err := c.open(ctx)
			return err
		}
	}
	var conversation string
	made := 0
	return func(ctx context.Context) (err error) {
		if made++; made%perConversation == 1 {
			conversation, err = c.open(ctx)
			return err
		}
		return c.assess(ctx, conversation, made)
	}
}
