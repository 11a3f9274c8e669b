package intake_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/identity"
)

// keyed makes the keys of a desk's line and publishes them, as its own system does.
func keyed(d apitest.Desk) *seal.Line {
	d.T.Helper()
	keys := apitest.Must[*seal.Line](d.T)(seal.NewLine(identity.DefaultDomain, d.Line, d.Clock.Now()))
	for _, key := range []*seal.PublicKey{keys.Signing(), keys.Sealing()} {
		d.Recorded(d.Keys.PublishLineKey(d.Ctx, &routingv1.PublishLineKeyRequest{RequestId: uuid.NewString(), Line: "lines/" + d.Line, Key: key.Statement}))
	}
	return keys
}

// terms are what the log demands of sender's grant to first, as the desk reads it.
func terms(d apitest.Desk, handover string, kind sealv1.Kind, part handoverv1.Scope) *sealv1.GrantTerms {
	d.T.Helper()
	d.Settle()
	h := apitest.Must[*routingv1.Handover](d.T)(d.Routing.GetHandover(d.Ctx, &routingv1.GetHandoverRequest{Name: handover}))
	conversation := handover[:len("conversations/")+32]
	return &sealv1.GrantTerms{Conversation: conversation, Epoch: 1, Handover: handover, Offer: handover + "/offers/1",
		ConsentPosition: h.Consent.Position, Kind: kind, Part: part}
}

func granting(handover string, grants ...*sealv1.Grant) *intakev1.GrantAccessRequest {
	return &intakev1.GrantAccessRequest{RequestId: uuid.NewString(), Handover: handover, Grants: grants}
}

// TestThePacketSaysNotYet until its sender has granted; then the receiver reads what was sealed, with
// nothing but what the platform passed on and what the log says.
func TestThePacketSaysNotYet(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	from, to := keyed(sender), keyed(first)
	conversation := sender.OpenConversation()
	handover := sender.Propose(conversation, "first")
	key, place := seal.NewContentKey(), seal.Place{Domain: identity.DefaultDomain, Conversation: conversation, Handover: handover, Epoch: 1, Kind: sealv1.Kind_KIND_PACKET_PART, Item: "ONE_LINE"}
	sender.Recorded(sender.Intake.SealPacket(w.Ctx, &intakev1.SealPacketRequest{
		RequestId: uuid.NewString(), Handover: handover, Part: handoverv1.Scope_SCOPE_ONE_LINE, Sealed: apitest.Must[[]byte](t)(key.Seal(place, []byte("is safe tonight"))),
	}))
	sender.Consent(handover)
	first.Accept(handover, "1")
	request := &intakev1.OpenPacketRequest{RequestId: uuid.NewString(), Handover: handover}
	if early := apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, request)); early.Parts[0].Grant != nil {
		t.Errorf("before the sender granted it has %v", early.Parts[0].Grant)
	}
	grant := apitest.Must[*sealv1.Grant](t)(from.Grant(to.Sealing(), terms(sender, handover, sealv1.Kind_KIND_PACKET_PART, handoverv1.Scope_SCOPE_ONE_LINE), key))
	given := granting(handover, grant)
	recorded := sender.Recorded(sender.Intake.GrantAccess(w.Ctx, given))
	if again := sender.Recorded(sender.Intake.GrantAccess(w.Ctx, given)); !proto.Equal(again, recorded) {
		t.Errorf("granted again: %v, want %v", again, recorded)
	}
	part := apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, request)).Parts[0]
	opened := apitest.Must[seal.ContentKey](t)(to.OpenGrant(part.Grant, terms(first, handover, sealv1.Kind_KIND_PACKET_PART, handoverv1.Scope_SCOPE_ONE_LINE), from.Signing()))
	if text := apitest.Must[[]byte](t)(opened.Open(place, part.Sealed)); string(text) != "is safe tonight" {
		t.Errorf("the receiver reads %q", text)
	}
}

// TestTheBridgesKeyComesWithTheWatch, to the line that it was granted to and to no other.
func TestTheBridgesKeyComesWithTheWatch(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	from, to := keyed(sender), keyed(first)
	conversation, handover := sender.Offered("first")
	first.Accept(handover, "1")
	grant := apitest.Must[*sealv1.Grant](t)(from.Grant(to.Sealing(), terms(sender, handover, sealv1.Kind_KIND_BRIDGE, 0), seal.NewContentKey()))
	at := sender.Recorded(sender.Intake.GrantAccess(w.Ctx, granting(handover, grant))).Position
	for _, d := range []apitest.Desk{sender, first} {
		next := apitest.Must[*intakev1.WatchConversationResponse](t)(d.WatchConversation(conversation, at-1).Recv())
		if want := d.Line == "first"; len(next.Grants) == 1 != want || want && !proto.Equal(next.Grants[0], grant) {
			t.Errorf("%s is given %v", d.Line, next.Grants)
		}
	}
}

// TestGrantsThatAreRefused leave no trace, and say why.
func TestGrantsThatAreRefused(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	from, to := keyed(sender), keyed(first)
	_, handover := sender.Offered("first")
	first.Accept(handover, "1")
	bridge := func() *sealv1.GrantTerms { return terms(sender, handover, sealv1.Kind_KIND_BRIDGE, 0) }
	refused := func(line *seal.Line, key *seal.PublicKey, change func(*sealv1.Grant)) apitest.BadRequest {
		grant := apitest.Must[*sealv1.Grant](t)(line.Grant(key, bridge(), seal.NewContentKey()))
		change(grant)
		return apitest.Refused(func(ctx context.Context) error {
			_, err := sender.Intake.GrantAccess(ctx, granting(handover, grant))
			return err
		}, codes.FailedPrecondition, "GRANT_NOT_TRUSTED")
	}
	asIs := func(*sealv1.Grant) {}
	stranger := apitest.Must[*seal.Line](t)(seal.NewLine(identity.DefaultDomain, "sender", w.Clock.Now()))
	elsewhere := apitest.Must[*seal.Line](t)(seal.NewLine("elsewhere.example", "sender", w.Clock.Now()))
	unpublished := apitest.Must[*seal.Line](t)(seal.NewLine(identity.DefaultDomain, "first", w.Clock.Now()))
	revoked := to.Sealing()
	if err := to.Rotate(w.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	first.Recorded(first.Keys.PublishLineKey(w.Ctx, &routingv1.PublishLineKeyRequest{RequestId: uuid.NewString(), Line: "lines/first", Key: to.Sealing().Statement}))
	first.Recorded(first.Keys.RevokeLineKey(w.Ctx, &routingv1.RevokeLineKeyRequest{
		RequestId: uuid.NewString(), Line: "lines/first", Key: revoked.ID, Reason: handoverv1.KeyRevocation_KEY_REVOCATION_COMPROMISED,
	}))
	w.WantRefusals(map[string]apitest.BadRequest{
		"by a key that is not in the log": refused(stranger, to.Sealing(), asIs),
		"in another trust domain":         refused(elsewhere, to.Sealing(), asIs),
		"to a key that is not in the log": refused(from, unpublished.Sealing(), asIs),
		"to a revoked key":                refused(from, revoked, asIs),
		"changed":                         refused(from, to.Sealing(), func(g *sealv1.Grant) { g.Wrapped[7] ^= 1 }),
		"with junk for terms":             refused(from, to.Sealing(), func(g *sealv1.Grant) { g.Terms = []byte("junk") }),
	})
}
