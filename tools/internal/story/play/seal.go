package play

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/seal"
	"github.com/stafett/stafett/pkg/sealing"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// key opens or makes the keys of every line, and publishes them.
func (p *player) key(ctx context.Context) (err error) {
	for line, platform := range p.lines {
		if p.systems[line], err = sealing.Load(platform, p.world.credentials("line", line), p.world.clock.now); err != nil {
			return err
		}
		if err := publish(ctx, p.systems[line]); err != nil {
			return err
		}
	}
	return nil
}

// publish starts over if the log has keys of another system in the line's name.
func publish(ctx context.Context, s *sealing.System) error {
	err := s.Publish(ctx)
	if errors.Is(err, sealing.ErrForeignKey) {
		err = s.StartOver(ctx, handoverv1.KeyRevocation_KEY_REVOCATION_LOST)
	}
	return err
}

// keys completes a request with what the keys of the line make.
func (p *player) keys(ctx context.Context, s *story.Step, request proto.Message) error {
	switch r := request.(type) {
	case *routingv1.AcceptOfferRequest:
		return p.systems[p.lineOf(s)].Accepting(r.Offer)
	case *intakev1.GrantAccessRequest:
		if len(r.Grants) > 0 {
			return nil
		}
		grants, err := p.systems[p.lineOf(s)].Grants(ctx, r.Handover)
		r.Grants = grants.GetGrants()
		return err
	}
	return p.seal(ctx, s, request)
}

// seal seals what a step says into its request. What no line could read, because nothing is shared, is
// sealed for nobody: the platform refuses it.
func (p *player) seal(ctx context.Context, s *story.Step, request proto.Message) error {
	blob := request.ProtoReflect().Descriptor().Fields().ByName("sealed")
	if blob == nil || request.ProtoReflect().Has(blob) {
		return nil
	}
	err := p.systems[p.lineOf(s)].Seal(ctx, request, s.Says)
	if message, is := request.(*intakev1.SendMessageRequest); is && errors.Is(err, sealing.ErrNotYet) && s.Refused != "" {
		at := seal.Place{Domain: "stafett.example", Conversation: message.Conversation, Kind: sealv1.Kind_KIND_TENURE, Item: message.RequestId}
		message.Sealed, err = seal.NewContentKey().Seal(at, []byte(s.Says))
	}
	return err
}

func sealedKey(handover string, part handoverv1.Scope) string {
	return handover + "/" + story.Code(part)
}

// agreed tells the system of the line that hands over, whose counsellor heard it, what the child agreed to.
func (p *player) agreed(of string, scopes []handoverv1.Scope) error {
	name, err := handover.ParseName(of)
	if err != nil {
		return err
	}
	from := handover.Of(p.state.GetConversation()).Handover(name.Handover).FromLine
	return p.systems[from].Agreed(of, scopes...)
}
