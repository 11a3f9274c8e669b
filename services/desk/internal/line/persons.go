package line

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/staffkey"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/desk/internal/store"
)

// Override waits for the signature of a second person, on that person's own page.
type Override struct {
	Handover, Conversation string
	Code                   handoverv1.OverrideCode
	By, For                string
	// First is the first person's signature. It is void if risk, custody or consent change.
	First *handoverv1.SecondSignature
}

const overrideKind, staffKind = "override", "staffkey"

// overrideScopes are what an override may let cross, at most.
var overrideScopes = []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_CODES, handoverv1.Scope_SCOPE_ONE_LINE}

// Overrides are those that wait.
func (l *Line) Overrides() (all []Override) {
	err := store.Each(l.Store, overrideKind, func(_ string, o Override) error {
		all = append(all, o)
		return nil
	})
	l.fail("overrides were not read", err)
	return all
}

// AskToOverride signs an override for the first person, and asks the second.
func (l *Line) AskToOverride(ctx context.Context, o Override) (err error) {
	if o.First, err = l.signed(ctx, o, o.By); err != nil {
		return err
	}
	if err := l.Store.Put(overrideKind, o.Handover, o); err != nil {
		return err
	}
	l.Hub.Changed(o.Conversation)
	return nil
}

// SignOverride signs for the second person, and gives the command.
func (l *Line) SignOverride(ctx context.Context, id, handover, person string) error {
	var o Override
	if err := l.Store.Get(overrideKind, handover, &o); err != nil || o.For != person {
		return ErrUnknown
	}
	second, err := l.signed(ctx, o, person)
	if err != nil {
		return err
	}
	request := o.request()
	request.RequestId, request.Signatures = id, []*handoverv1.SecondSignature{o.First, second}
	if err := l.Keys.Agreed(handover, request.Scopes...); err != nil {
		return err
	}
	_, err = Do(ctx, l, o.Conversation, l.Platform.Intake.OverrideConsent, request)
	if err == nil || client.Reason(err) != "" {
		err = errors.Join(err, l.Store.Delete(overrideKind, handover))
		l.Hub.Changed(o.Conversation)
	}
	return err
}

// Void: risk, custody or consent are not those that the first person signed for.
func (o Override) Void(v View) bool {
	var signed handoverv1.Shown
	if proto.Unmarshal(o.First.GetShown(), &signed) != nil {
		return true
	}
	now := staffkey.ShownFor(v.Conversation, o.request())
	now.SignTime, now.Nonce = signed.SignTime, signed.Nonce
	return !proto.Equal(now, &signed)
}

func (o Override) request() *intakev1.OverrideConsentRequest {
	return &intakev1.OverrideConsentRequest{Handover: o.Handover, Code: o.Code, Participant: o.By, SecondPerson: o.For, Scopes: overrideScopes}
}

// signed is a person's signature over the override and the state in which they saw it.
func (l *Line) signed(ctx context.Context, o Override, person string) (*handoverv1.SecondSignature, error) {
	private, err := l.staffKey(ctx, person)
	if err != nil {
		return nil, err
	}
	v, known := l.View(o.Conversation)
	if !known {
		return nil, ErrUnknown
	}
	shown := staffkey.ShownFor(v.Conversation, o.request())
	shown.SignTime, shown.Nonce = timestamppb.New(l.Now()), make([]byte, 16)
	rand.Read(shown.Nonce)
	return staffkey.Sign(registration(person, private), private, shown)
}

// staffKey is a person's key, made and registered when it is first needed.
func (l *Line) staffKey(ctx context.Context, person string) (ed25519.PrivateKey, error) {
	var seed []byte
	if err := l.Store.Get(staffKind, person, &seed); err == nil {
		return ed25519.NewKeyFromSeed(seed), nil
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	request := &routingv1.RegisterStaffKeyRequest{Line: l.Name(), Key: registration(person, private)}
	if _, err := client.Send(ctx, l.Platform.Keys.RegisterStaffKey, request); err != nil {
		return nil, err
	}
	return private, l.Store.Put(staffKind, person, private.Seed())
}

func registration(person string, private ed25519.PrivateKey) *handoverv1.StaffKey {
	return &handoverv1.StaffKey{
		Participant: person, Roles: []handoverv1.StaffRole{handoverv1.StaffRole_STAFF_ROLE_COUNSELLOR},
		PublicKey: &handoverv1.StaffKey_Ed25519{Ed25519: private.Public().(ed25519.PublicKey)},
	}
}
