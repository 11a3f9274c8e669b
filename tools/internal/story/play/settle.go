package play

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/stafett/stafett/pkg/handover/deadline"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/replay"
)

// settle returns once the platform has handled all deadlines.
func (p *player) settle(ctx context.Context) error {
	if p.world.settled != nil {
		return p.world.settled(ctx)
	}
	ctx, cancel := p.patient(ctx)
	defer cancel()
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = 10*time.Millisecond, 500*time.Millisecond
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, p.idle(ctx) },
		backoff.WithBackOff(pauses), backoff.WithMaxElapsedTime(0))
	return err
}

// errBusy means that the platform has not finished yet.
var errBusy = errors.New("the platform has not done what is due in the conversation")

// idle checks the history for pending deadlines in the conversation.
func (p *player) idle(ctx context.Context) error {
	if err := p.refresh(ctx); err != nil {
		return backoff.Permanent(err)
	}
	due, waiting := deadline.Due(p.state.GetConversation())
	if waiting && !due.After(time.Now()) {
		return errBusy
	}
	return nil
}

// refresh reads the new part of the history.
func (p *player) refresh(ctx context.Context) error {
	if p.played.Conversation == "" {
		return nil
	}
	appends, err := replay.All(ctx, p.auditor.Audit, &auditv1.ReplayCommitsRequest{
		Conversation: p.played.Conversation, AfterPosition: p.state.HeadPosition, Purpose: replay.Exercise(),
	})
	if err != nil {
		return err
	}
	events, err := replay.Fold(p.state, appends)
	p.news = append(p.news, events...)
	return err
}
