package play

import (
	"context"
	"fmt"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// watchConsultations has the desk of every line watch who asks for advice, as a real one does.
func (p *player) watchConsultations(ctx context.Context, position uint64) {
	for line, platform := range p.lines {
		p.spawn(ctx, func() error {
			request := &routingv1.WatchConsultationsRequest{AfterPosition: position}
			return client.Watch(ctx, platform.Routing.WatchConsultations, request, func(r *routingv1.WatchConsultationsResponse) error {
				p.board.change(func() { p.board.consultations[line] = r.Consultation })
				return nil
			})
		})
	}
}

// consultation returns the name of the newest consultation, once the desk of a line that takes part in it knows of it. A
// proposal names one only if it follows it.
func (p *player) consultation(ctx context.Context, s *story.Step) (string, error) {
	if _, proposes := s.Request.(*routingv1.ProposeHandoverRequest); proposes && s.Does != story.FollowAdvice {
		return "", nil
	}
	if err := p.refresh(ctx); err != nil {
		return "", err
	}
	c := handover.Of(p.state.GetConversation())
	k := c.Consultation(uint32(len(c.GetConsultations())))
	if !k.Exists() {
		return "", fmt.Errorf("no line was asked for advice")
	}
	if s.Who.Line != k.Line && s.Who.Line != k.FromLine {
		return k.Name, nil
	}
	return k.Name, p.board.await(ctx, fmt.Sprintf("%s has not come to the desk of %s", k.Name, s.Who.Line), func() bool {
		return p.board.consultations[s.Who.Line].GetName() == k.Name
	})
}
