package play

import (
	"context"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/sealing"
	"github.com/stafett/stafett/pkg/staffkey/stafftest"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

type player struct {
	story    *story.Story
	world    *World
	observer Observer
	played   *Played

	lines   map[string]*client.Platform
	systems map[string]*sealing.System
	auditor *client.Platform
	desks   *desks
	// streams are the watching goroutines.
	streams sync.WaitGroup
	board   *board

	// handover is the name of the newest one, leg the line that holds the child's leg.
	handover, leg string
	// ticket holds the secrets of the newest claim ticket.
	ticket *routingv1.IssueTicketResponse
	// people are those who have signed, by name, with their keys.
	people map[string]stafftest.Person
	// calls are the requests sent, by step number.
	calls map[int]call
	// sent is the newest request, complete, and answered the newest response.
	sent     proto.Message
	answered answer
	// sealed holds the plain texts sealed into packets, by handover and part.
	sealed map[string]string
	// granted are the accepted offers whose keys the sender has granted.
	granted map[string]bool
	// state is the conversation projected from the history, news the events not yet shown to
	// the observer.
	state *handover.State
	news  []*eventv1.Event
}

// call sends one request. Every call sends the same one.
type call func(context.Context) (answer, error)

// step plays one step at its time, once the platform has handled its own deadlines.
func (p *player) step(ctx context.Context, s *story.Step) error {
	if err := p.world.clock.reach(ctx, s.At, p.desks.speak); err != nil {
		return err
	}
	if err := p.settle(ctx); err != nil {
		return err
	}
	scene := Scene{Step: *s}
	if err := p.do(ctx, s, &scene); err != nil {
		return err
	}
	if err := p.settle(ctx); err != nil {
		return err
	}
	if err := p.tend(ctx); err != nil {
		return err
	}
	return p.show(ctx, scene)
}

// do carries a step out, checks the answer, and does what the line's system does with it.
func (p *player) do(ctx context.Context, s *story.Step, scene *Scene) error {
	if s.Does == story.Seats {
		return p.desks.have(ctx, s)
	}
	if !s.Does.Sent() {
		return nil
	}
	if err := judge(s, p.send(ctx, s, scene), scene); err != nil || scene.Refused != "" {
		return err
	}
	if err := p.acknowledged(s, scene); err != nil || s.Does == story.Repeat {
		return err
	}
	return p.next(ctx, s, scene)
}

// next does what follows from an answer at the lines.
func (p *player) next(ctx context.Context, s *story.Step, scene *Scene) (err error) {
	p.systems[p.lineOf(s)].Saw(scene.Recorded.Position)
	switch sent := p.sent.(type) {
	case *intakev1.OpenConversationRequest:
		p.played.Conversation, p.leg = scene.Recorded.Name, s.Who.Line
		p.watchOffers(ctx, scene.Recorded.Position)
		p.watchConsultations(ctx, scene.Recorded.Position)
		p.watchConversation(ctx, s.Who.Line)
	case *routingv1.ProposeHandoverRequest:
		p.handover = scene.Recorded.Name
	case *routingv1.AcceptOfferRequest:
		p.watchConversation(ctx, s.Who.Line)
	case *routingv1.AnswerLegRequest:
		p.leg = s.Who.Line
	case *routingv1.IssueTicketRequest:
		p.ticket = p.answered.(*routingv1.IssueTicketResponse)
	case *intakev1.SendMessageRequest:
		scene.Reached, err = p.arrived(ctx, scene.Recorded.Position, s.Says)
	case *intakev1.SealPacketRequest:
		p.sealed[sealedKey(p.handover, sent.Part)] = s.Says
		err = p.systems[s.Who.Line].Sealed(sent, p.answered.(*intakev1.SealPacketResponse))
	case *intakev1.GiveConsentRequest:
		err = p.agreed(sent.Handover, sent.Scopes)
	case *intakev1.OverrideConsentRequest:
		err = p.agreed(sent.Handover, sent.Scopes)
	case *intakev1.OpenPacketRequest:
		scene.Opened, err = p.unsealed(ctx, s.Who.Line, p.answered.(*intakev1.OpenPacketResponse))
	}
	return err
}

// show passes a step to the observer, with the new events of the history.
func (p *player) show(ctx context.Context, scene Scene) error {
	if err := p.refresh(ctx); err != nil || p.observer == nil {
		return err
	}
	scene.Events, p.news = p.news, nil
	conversation := proto.CloneOf(p.state.GetConversation())
	scene.Custody = conversation.GetCustody()
	scene.Handover = handover.Of(conversation).Current().Handover
	p.observer.Step(scene)
	return nil
}
