package play

import (
	"context"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// tend does what the lines' systems do by themselves after a step: the sender of a handover grants once
// its offer has been accepted, and the line with custody grants the key of its tenure to the line that
// holds the child's leg. In a story that says when keys are granted, the sender waits for that.
func (p *player) tend(ctx context.Context) error {
	if err := p.refresh(ctx); err != nil {
		return err
	}
	for _, system := range p.systems {
		system.Saw(p.state.HeadPosition)
	}
	c := handover.Of(p.state.GetConversation())
	h := c.Current()
	if !h.Exists() || c.Custody.GetLine() == "" {
		return nil
	}
	if offer := h.AcceptedOffer(); offer.Exists() && h.BeforeTransfer() && !p.granted[offer.Name] && !p.story.Grants() {
		p.granted[offer.Name] = true
		return p.grant(ctx, h.FromLine, h.Name)
	}
	if c.Custody.Line == h.ToLine && c.LegLine != h.ToLine && !h.Granted(sealv1.Kind_KIND_TENURE, h.ToLine, c.LegLine) {
		return p.grant(ctx, h.ToLine, h.Name)
	}
	return nil
}

// grant grants what a line owes.
func (p *player) grant(ctx context.Context, line, name string) error {
	return p.retry(ctx, func(ctx context.Context) error { return p.systems[line].Grant(ctx, name) })
}

// retry repeats what keys ask of the platform while it is unavailable.
func (p *player) retry(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := p.patient(ctx)
	defer cancel()
	return client.Retry(ctx, ask)
}
