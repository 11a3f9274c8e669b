package line

import (
	"context"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/talk"
)

// Find ranks the lines for a conversation, without any effect.
func (l *Line) Find(ctx context.Context, v View) (*routingv1.RoutingDecision, error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	c := v.Conversation
	need := &handoverv1.PacketHeader{
		Risk: c.GetAssessment().GetRisk(), AgeBand: c.GetAgeBand(), LanguageCode: c.GetLanguageCode(), Channel: c.GetChannel(), Area: c.GetArea(),
		TopicGroups: handover.TopicGroups(c.GetAssessment().GetTags()),
	}
	var answer *routingv1.FindLinesResponse
	err := client.Retry(ctx, func(ctx context.Context) (err error) {
		answer, err = l.Platform.Directory.FindLines(ctx, &routingv1.FindLinesRequest{Need: need, Topics: c.GetAssessment().GetTags()})
		return err
	})
	return answer.GetDecision(), err
}

// QuickExit keeps that the child used the quick exit, or has come back. It ends nothing: the platform is
// told that the window is gone.
func (l *Line) QuickExit(conversation string, quickly bool) error {
	e := l.find(conversation)
	if e == nil {
		return ErrUnknown
	}
	if l.snapshot(e).Quickly == quickly {
		return nil
	}
	if quickly {
		l.isGone(childKey(conversation))
	}
	err := l.setQuickly(e, quickly)
	l.Hub.Changed(e.name)
	return err
}

func (l *Line) setQuickly(e *entry, quickly bool) error {
	return l.edit(e, func(t *talk.Talk) { t.Quickly = quickly })
}
