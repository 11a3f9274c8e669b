package play

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
	"sync"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// player plays one story.
type player struct {
	story    *story.Story
	world    *World
	observer Observer
	played   *Played
	seal     sealer

	lines   map[string]*client.Platform
	auditor *client.Platform
	// streams are the goroutines that watch.
	streams sync.WaitGroup
	board   *board

	// handover is the newest one's name.
	handover string
	// calls are the requests that were sent, by the number of their step.
	calls map[int]call
	// sealed is what was sealed into packets, by handover and part.
	sealed map[string]string
	// packet is what the receiver fetched last.
	packet []*intakev1.SealedPart
	// state is the conversation as the history tells it, and news are the events
	// that the observer has not been told of.
	state *handover.State
	news  []*eventv1.Event
}

// call sends one request. Called again, it sends the same one.
type call func(context.Context) (*handoverv1.Recorded, error)

// step plays one step: at its time, and not before the platform has done what
// is its own to do.
func (p *player) step(ctx context.Context, s *story.Step) error {
	if err := p.world.clock.reach(ctx, s.At); err != nil {
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
	return p.show(ctx, scene)
}

// do carries a step out, judges the answer, and does what the line's system does
// with it.
func (p *player) do(ctx context.Context, s *story.Step, scene *Scene) error {
	if s.Does == story.Wait || s.Does == story.Chat {
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

// send sends the request of a step, again and again while the platform is away.
func (p *player) send(ctx context.Context, s *story.Step, scene *Scene) error {
	ctx, cancel := p.patient(ctx)
	defer cancel()
	call, err := p.callOf(ctx, s)
	if err != nil {
		return err
	}
	p.calls[s.Number] = call
	return client.Retry(ctx, func(ctx context.Context) (err error) {
		scene.Recorded, err = call(ctx)
		return err
	})
}

// patient ends when the platform has had all the time that it gets.
func (p *player) patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, p.world.patience)
}

// callOf prepares the request of a step, or finds the one that it repeats.
func (p *player) callOf(ctx context.Context, s *story.Step) (call, error) {
	if s.Does == story.Repeat {
		return p.calls[s.Again], nil
	}
	if offer := ofOffer[s.Does]; offer != nil {
		name, err := p.offer(ctx, s.Who.Line)
		return offer(p, s, name), err
	}
	if about := ofHandover[s.Does]; about != nil {
		return about(p, s), nil
	}
	return ofConversation[s.Does](p, s), nil
}

// judge compares the answer with what the step says of it. An error without a
// reason is no answer.
func judge(s *story.Step, err error, scene *Scene) error {
	reason := client.Reason(err)
	switch {
	case err == nil && s.Refused == "":
		return nil
	case err == nil:
		return fmt.Errorf("was carried out; expected it to be refused as %s", s.Refused)
	case reason == "":
		return err
	case s.Refused == "":
		return fmt.Errorf("was refused; expected it to be carried out: %w", err)
	case reason != s.Refused:
		return fmt.Errorf("expected it to be refused as %s, and not so: %w", s.Refused, err)
	}
	scene.Refused, scene.Message = reason, message(err)
	return nil
}

// acknowledged notes an answer.
func (p *player) acknowledged(s *story.Step, scene *Scene) error {
	r := scene.Recorded
	ack := Acknowledgement{Step: s.Number, Name: r.Name, Position: r.Position, RecordTime: r.RecordTime.AsTime()}
	if err := p.sameAsBefore(s, ack); err != nil {
		return err
	}
	p.played.Acknowledged = append(p.played.Acknowledged, ack)
	return nil
}

// sameAsBefore refuses an answer to a repeated request that is not the one that
// the request had before.
func (p *player) sameAsBefore(s *story.Step, ack Acknowledgement) error {
	for _, before := range p.played.Acknowledged {
		if before.Step == s.Again && (before.Name != ack.Name || before.Position != ack.Position || !before.RecordTime.Equal(ack.RecordTime)) {
			return fmt.Errorf("the same request was answered with %s at position %d; expected the answer of step %d, %s at position %d",
				ack.Name, ack.Position, s.Again, before.Name, before.Position)
		}
	}
	return nil
}

// next is what follows from an answer at the lines.
func (p *player) next(ctx context.Context, s *story.Step, scene *Scene) (err error) {
	switch s.Does {
	case story.Open:
		p.played.Conversation = scene.Recorded.Name
		p.watchOffers(ctx, scene.Recorded.Position)
		return p.watchConversation(ctx, s.Who.Line, scene.Recorded.Position)
	case story.Propose:
		p.handover = scene.Recorded.Name
	case story.Accept:
		return p.watchConversation(ctx, s.Who.Line, scene.Recorded.Position)
	case story.Say:
		scene.Reached, err = p.arrived(ctx, scene.Recorded.Position, s.Says)
	case story.Seal:
		p.sealed[sealedKey(p.handover, s.Part)] = s.Says
	case story.Unseal:
		scene.Opened, err = p.unsealed()
	}
	return err
}

// requestID is the id of a step's command. It follows from the run and the step
// alone, in the form of a random UUID.
func (p *player) requestID(s *story.Step) string {
	return uuid.NewHash(sha256.New(), uuid.Nil, []byte(p.played.RunID+"\x00"+strconv.Itoa(s.Number)), 4).String()
}

// show tells the observer of a step, and what the history has of it.
func (p *player) show(ctx context.Context, scene Scene) error {
	if err := p.refresh(ctx); err != nil || p.observer == nil {
		return err
	}
	scene.Events, p.news = p.news, nil
	conversation := proto.CloneOf(p.state.GetConversation())
	scene.Custody = conversation.GetCustody()
	scene.Handover = handover.Current(conversation)
	p.observer.Step(scene)
	return nil
}
