package directory_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/identity"
)

// keysOf makes the keys of a desk's line, as its own system would.
func keysOf(d apitest.Desk) *seal.Line {
	d.T.Helper()
	return apitest.Must[*seal.Line](d.T)(seal.NewLine(identity.DefaultDomain, d.Line, d.Clock.Now()))
}

func publishing(d apitest.Desk, key *sealv1.SignedKey) *routingv1.PublishLineKeyRequest {
	return &routingv1.PublishLineKeyRequest{RequestId: uuid.NewString(), Line: "lines/" + d.Line, Key: key}
}

func publish(d apitest.Desk, keys ...*seal.PublicKey) {
	d.T.Helper()
	for _, key := range keys {
		d.Recorded(d.Keys.PublishLineKey(d.Ctx, publishing(d, key.Statement)))
	}
}

func listed(d apitest.Desk, line string) []*routingv1.PublishedKey {
	d.T.Helper()
	last := apitest.Must[uint64](d.T)(d.Last(d.Ctx))
	return apitest.Must[*routingv1.ListLineKeysResponse](d.T)(d.Keys.ListLineKeys(d.Ctx, &routingv1.ListLineKeysRequest{Parent: "lines/" + line, MinPosition: last})).Keys
}

// TestALinesKeys are published once, can be verified by another line, and are rotated.
func TestALinesKeys(t *testing.T) {
	w := apitest.NewWorld(t)
	first, second := w.Desk("first"), w.Desk("second")
	keys := keysOf(first)
	publish(first, keys.Signing(), keys.Sealing())
	publish(first, keys.Sealing()) // again, which is recorded and changes nothing
	old := keys.Sealing()
	if err := keys.Rotate(w.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	publish(first, keys.Sealing())
	first.Recorded(first.Keys.RetireLineKey(w.Ctx, &routingv1.RetireLineKeyRequest{RequestId: uuid.NewString(), Line: "lines/first", Key: old.ID}))
	all := listed(second, "first")
	if len(all) != 3 || !all[1].Retired || all[2].Retired || all[0].Position >= all[2].Position {
		t.Fatalf("second sees %v", all)
	}
	signing := apitest.Must[*seal.PublicKey](t)(seal.VerifyKey(all[0].Key, identity.DefaultDomain, "first", nil))
	apitest.Must[*seal.PublicKey](t)(seal.VerifyKey(all[2].Key, identity.DefaultDomain, "first", signing))
}

// TestKeysThatAreNotPublished change nothing, and say why.
func TestKeysThatAreNotPublished(t *testing.T) {
	w := apitest.NewWorld(t)
	first, second := w.Desk("first"), w.Desk("second")
	keys, other := keysOf(first), keysOf(first)
	changed := proto.CloneOf(keys.Sealing().Statement)
	changed.Signature[0] ^= 1
	w.WantRefusals(map[string]apitest.BadRequest{
		"a sealing key first": apitest.Refused(publishes(first, keys.Sealing().Statement), codes.InvalidArgument, "KEY_NOT_TRUSTED"),
		"another line's":      apitest.Refused(publishes(second, keys.Signing().Statement), codes.InvalidArgument, "KEY_NOT_TRUSTED"),
	})
	publish(first, keys.Signing(), keys.Sealing())
	w.WantRefusals(map[string]apitest.BadRequest{
		"changed":               apitest.Refused(publishes(first, changed), codes.InvalidArgument, "KEY_NOT_TRUSTED"),
		"a second beginning":    apitest.Refused(publishes(first, other.Signing().Statement), codes.InvalidArgument, "KEY_NOT_TRUSTED"),
		"signed by a stranger":  apitest.Refused(publishes(first, other.Sealing().Statement), codes.InvalidArgument, "KEY_NOT_TRUSTED"),
		"the newest is retired": apitest.Refused(retires(first, keys.Sealing().ID), codes.FailedPrecondition, "KEY_IN_USE"),
		"signing is retired":    apitest.Refused(retires(first, keys.Signing().ID), codes.FailedPrecondition, "KEY_IN_USE"),
		"unknown":               apitest.Refused(retires(first, make([]byte, 32)), codes.NotFound, "KEY_NOT_FOUND"),
	})
	w.Advance(seal.SealingLasts)
	if err := keys.Rotate(w.Clock.Now().Add(-seal.SealingLasts)); err != nil {
		t.Fatal(err)
	}
	w.WantRefusals(map[string]apitest.BadRequest{
		"expired": apitest.Refused(publishes(first, keys.Sealing().Statement), codes.InvalidArgument, "KEY_NOT_TRUSTED"),
	})
}

func publishes(d apitest.Desk, key *sealv1.SignedKey) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := d.Keys.PublishLineKey(ctx, publishing(d, key))
		return err
	}
}

func retires(d apitest.Desk, id []byte) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := d.Keys.RetireLineKey(ctx, &routingv1.RetireLineKeyRequest{RequestId: uuid.NewString(), Line: "lines/" + d.Line, Key: id})
		return err
	}
}

// TestAStolenSigningKey is revoked; what it signs is refused, and the line begins again with a key
// that signs itself.
func TestAStolenSigningKey(t *testing.T) {
	w := apitest.NewWorld(t)
	first, keys := w.Desk("first"), keysOf(w.Desk("first"))
	publish(first, keys.Signing(), keys.Sealing())
	operator := w.Operator()
	operator.Recorded(operator.Keys.RevokeLineKey(w.Ctx, &routingv1.RevokeLineKeyRequest{
		RequestId: uuid.NewString(), Line: "lines/first", Key: keys.Signing().ID, Reason: handoverv1.KeyRevocation_KEY_REVOCATION_COMPROMISED,
	}))
	if err := keys.Rotate(w.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	w.WantRefusals(map[string]apitest.BadRequest{
		"signed by the thief": apitest.Refused(publishes(first, keys.Sealing().Statement), codes.InvalidArgument, "KEY_NOT_TRUSTED"),
	})
	again := keysOf(first)
	publish(first, again.Signing(), again.Sealing())
}

func staffKey(t *testing.T) *handoverv1.StaffKey {
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &handoverv1.StaffKey{Participant: "mina", Roles: []handoverv1.StaffRole{handoverv1.StaffRole_STAFF_ROLE_COUNSELLOR},
		PublicKey: &handoverv1.StaffKey_Ed25519{Ed25519: public}}
}

// TestStaffKeys are registered, revoked for good, and shown to their own line alone.
func TestStaffKeys(t *testing.T) {
	w := apitest.NewWorld(t)
	first, second, key := w.Desk("first"), w.Desk("second"), staffKey(t)
	register := func(ctx context.Context) error {
		_, err := first.Keys.RegisterStaffKey(ctx, &routingv1.RegisterStaffKeyRequest{RequestId: uuid.NewString(), Line: "lines/first", Key: key})
		return err
	}
	for range 2 { // the second time it is recorded and changes nothing
		if err := register(w.Ctx); err != nil {
			t.Fatal(err)
		}
	}
	list := func(d apitest.Desk) ([]*routingv1.RegisteredKey, error) {
		answer, err := d.Keys.ListStaffKeys(w.Ctx, &routingv1.ListStaffKeysRequest{Parent: "lines/first", MinPosition: apitest.Must[uint64](t)(w.Last(w.Ctx))})
		return answer.GetKeys(), err
	}
	all := apitest.Must[[]*routingv1.RegisteredKey](t)(list(first))
	if len(all) != 1 || !proto.Equal(all[0].Key, key) {
		t.Fatalf("registered are %v", all)
	}
	_, err := list(second)
	apitest.WantRefusal(t, err, codes.PermissionDenied, "LINE_NOT_YOURS")
	first.Recorded(first.Keys.RevokeStaffKey(w.Ctx, &routingv1.RevokeStaffKeyRequest{
		RequestId: uuid.NewString(), Line: "lines/first", Key: all[0].Id, Reason: handoverv1.KeyRevocation_KEY_REVOCATION_LEFT,
	}))
	w.WantRefusals(map[string]apitest.BadRequest{"revoked": apitest.Refused(register, codes.InvalidArgument, "KEY_NOT_TRUSTED")})
	if all := apitest.Must[[]*routingv1.RegisteredKey](t)(list(first)); all[0].RevokeTime.AsTime().After(w.Clock.Now().Add(time.Second)) || all[0].Revocation != handoverv1.KeyRevocation_KEY_REVOCATION_LEFT {
		t.Errorf("it is %v", all[0])
	}
}
