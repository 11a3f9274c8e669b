package play

import (
	"context"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/staffkey"
	"github.com/stafett/stafett/pkg/staffkey/stafftest"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// sign adds the signatures of the two persons whom a step names, each with a key that their line has
// registered.
func (p *player) sign(ctx context.Context, s *story.Step, request proto.Message) error {
	first, second := p.signers(s, request)
	if second == "" {
		return nil
	}
	if err := p.refresh(ctx); err != nil {
		return err
	}
	shown := handover.Of(p.state.GetConversation()).Shown(staffkey.Command(request), staffkey.RequestHash(staffkey.Command(request), request))
	m := request.ProtoReflect()
	list := m.Mutable(m.Descriptor().Fields().ByName("signatures")).List()
	for _, name := range []string{first, second} {
		person, err := p.registered(ctx, name)
		if err != nil {
			return err
		}
		signature := person.Sign(shown, p.world.clock.now(), []byte(p.requestID(s)))
		list.Append(protoreflect.ValueOfMessage(signature.ProtoReflect()))
	}
	return nil
}

// signers names the two persons who sign a request; without a second, nobody does.
func (p *player) signers(s *story.Step, request proto.Message) (first, second string) {
	switch r := request.(type) {
	case *intakev1.OverrideConsentRequest:
		return r.Participant, r.SecondPerson
	case *routingv1.EndEmergencyRequest:
		return r.Participant, r.SecondPerson
	case *routingv1.DecideHopRequest:
		return p.colleague(s), r.Supervisor
	}
	return s.Who.Name, s.With
}

// colleague names a counsellor of the line of whoever acts, who talks with the child.
func (p *player) colleague(s *story.Step) string {
	for _, there := range p.state.GetConversation().GetParticipants() {
		if there.Line == s.Who.Line && there.Role == handoverv1.Role_ROLE_COUNSELLOR && there.Present && there.Id != s.Who.Name {
			return there.Id
		}
	}
	return s.Who.Name
}

// registered returns somebody in the story with a key of their own, which their line has registered.
func (p *player) registered(ctx context.Context, name string) (stafftest.Person, error) {
	if known, ok := p.people[name]; ok {
		return known, nil
	}
	who := p.story.Person(name)
	roles := []handoverv1.StaffRole{handoverv1.StaffRole_STAFF_ROLE_COUNSELLOR}
	if p.story.Supervises(who) {
		roles = append(roles, handoverv1.StaffRole_STAFF_ROLE_SUPERVISOR)
	}
	person, err := stafftest.Fresh(name, roles...)
	if err != nil {
		return person, err
	}
	request := &routingv1.RegisterStaffKeyRequest{RequestId: uuid.NewString(), Line: handover.LineName(who.Line), Key: person.Key}
	p.people[name] = person
	return person, client.Retry(ctx, func(ctx context.Context) error {
		_, err := p.lines[who.Line].Keys.RegisterStaffKey(ctx, request)
		return err
	})
}
