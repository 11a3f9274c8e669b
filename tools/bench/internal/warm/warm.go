// Package warm plays whole warm handovers through the API, as two lines' systems would, and
// times what the two wait for. Whatever serves the API can be played on.
package warm

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Times are what was timed in one handover.
type Times struct {
	Offer    time.Duration   // from the child's consent sent to the offer seen by the receiver
	Commands []time.Duration // each call until its answer
	Whole    time.Duration
}

// conversation is one that is being played.
type conversation struct {
	Pair
	name, handover, offer string
	proposed, accepted    uint64 // positions
	times                 Times
}

// Handover plays one from the child's arrival to the receiver's closing of the conversation.
func (p Pair) Handover(ctx context.Context) (name string, _ Times, err error) {
	c := &conversation{Pair: p}
	began := time.Now()
	for _, step := range []func(context.Context) error{c.arrive, c.propose, c.consent, c.accept, c.open, c.bridge, c.transfer, c.finish} {
		if err := step(ctx); err != nil {
			return c.name, c.times, err
		}
	}
	c.times.Whole = time.Since(began)
	return c.name, c.times, nil
}

// Open plays the beginning: a child and a counsellor.
func (p Pair) Open(ctx context.Context) (name string, err error) {
	c := &conversation{Pair: p}
	err = c.arrive(ctx)
	return c.name, err
}

// Short plays a conversation that its own line opens and closes.
func (p Pair) Short(ctx context.Context) (name string, err error) {
	if name, err = p.Open(ctx); err == nil {
		_, err = p.From.Intake.CloseConversation(ctx, closing(name))
	}
	return name, err
}

// recorded is the answer to a command.
type recorded interface{ GetRecorded() *handoverv1.Recorded }

// call times a command and returns its answer.
func call[Request any, Response recorded](c *conversation, ctx context.Context, do func(context.Context, Request, ...option) (Response, error), request Request) (*handoverv1.Recorded, error) {
	began := time.Now()
	response, err := do(ctx, request)
	c.times.Commands = append(c.times.Commands, time.Since(began))
	if err != nil {
		return nil, fmt.Errorf("%T: %w", request, err)
	}
	return response.GetRecorded(), nil
}

func (c *conversation) arrive(ctx context.Context) (err error) {
	opened, err := call(c, ctx, c.From.Intake.OpenConversation, Opening())
	if err != nil {
		return err
	}
	c.name = opened.Name
	_, err = call(c, ctx, c.From.Intake.JoinConversation, &intakev1.JoinConversationRequest{
		RequestId: uuid.NewString(), Conversation: c.name, Participant: "mina", Role: handoverv1.Role_ROLE_COUNSELLOR,
	})
	return err
}

// scopes are what the child agrees to tell.
var scopes = []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_ONE_LINE}

func (c *conversation) propose(ctx context.Context) (err error) {
	proposed, err := call(c, ctx, c.From.Routing.ProposeHandover, &routingv1.ProposeHandoverRequest{
		RequestId: uuid.NewString(), Conversation: c.name, Candidates: []string{"lines/" + c.Receiver},
	})
	if err != nil {
		return err
	}
	c.handover, c.proposed = proposed.Name, proposed.Position
	return c.seal(ctx)
}

// consent ends when the receiver has seen the offer.
func (c *conversation) consent(ctx context.Context) error {
	_, err := call(c, ctx, c.From.Intake.AskConsent, &intakev1.AskConsentRequest{RequestId: uuid.NewString(), Handover: c.handover, Scopes: scopes})
	if err != nil {
		return err
	}
	if err := c.agree(); err != nil {
		return err
	}
	seen := c.Watch.offer(c.handover)
	began := time.Now()
	_, err = call(c, ctx, c.From.Intake.GiveConsent, &intakev1.GiveConsentRequest{RequestId: uuid.NewString(), Handover: c.handover, Scopes: scopes})
	if err != nil {
		return err
	}
	offered, err := seen.wait(ctx)
	c.offer, c.times.Offer = offered.name, offered.at.Sub(began)
	return err
}

// Offered plays until the receiver has seen the offer, which it leaves open.
func (p Pair) Offered(ctx context.Context) (name string, _ Times, err error) {
	c := &conversation{Pair: p}
	for _, step := range []func(context.Context) error{c.arrive, c.propose, c.consent} {
		if err := step(ctx); err != nil {
			return c.name, c.times, err
		}
	}
	return c.name, c.times, nil
}

// Opening is the request that opens a conversation.
func Opening() *intakev1.OpenConversationRequest {
	return &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child",
	}
}
