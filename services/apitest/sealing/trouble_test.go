package sealing_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/seal"
	"github.com/stafett/stafett/pkg/sealing"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// sees tells a party's system how far the log is.
func (p *party) sees() {
	p.T.Helper()
	p.Settle()
	p.Saw(apitest.Must[uint64](p.T)(p.Last(p.Ctx)))
}

// TestTheSenderIsLostBeforeItsGrant: the receiver makes the bridge's key, and the child, whose leg the
// sender's system still carries, reads and answers.
func TestTheSenderIsLostBeforeItsGrant(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, name := accepted(w)
	first.Receive(name)
	sender.Disconnect(conversation, "mina")
	w.Advance(31 * time.Second)
	first.Recorded(first.Routing.OpenBridge(w.Ctx, &routingv1.OpenBridgeRequest{
		RequestId: uuid.NewString(), Handover: name, Participant: "aksel", Exception: handover.SenderLost,
	}))
	first.sees()
	first.grant(name)
	first.say(conversation, "aksel", "I am here", handoverv1.Audience_AUDIENCE_ALL)
	sender.reads(conversation, "I am here")
	sender.say(conversation, "child", "hello", handoverv1.Audience_AUDIENCE_ALL)
	first.reads(conversation, "hello")
}

// TestRotationInTheMiddleOfABridge: both lines replace their sealing keys and destroy the former ones, and
// the words go on.
func TestRotationInTheMiddleOfABridge(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, name := accepted(w)
	sender.grant(name, apitest.IntroAndLine...)
	sender.Bridge(first.Desk, name)
	sender.sees()
	sender.say(conversation, "mina", "before", handoverv1.Audience_AUDIENCE_ALL)
	first.reads(conversation, "before")
	for _, p := range []*party{sender, first} {
		before := apitest.Must[*routingv1.ListLineKeysResponse](t)(p.Keys.ListLineKeys(w.Ctx, &routingv1.ListLineKeysRequest{Parent: "lines/" + p.Line})).Keys[1].Id
		if err := p.Rotate(w.Ctx); err != nil {
			t.Fatal(err)
		}
		if err := p.Retire(w.Ctx, before); err != nil {
			t.Fatal(err)
		}
	}
	sender.say(conversation, "mina", "after", handoverv1.Audience_AUDIENCE_ALL)
	first.reads(conversation, "after")
	sender.Transfer(first.Desk, name)
	first.sees()
	first.grant(name)
	first.say(conversation, "aksel", "a plan", handoverv1.Audience_AUDIENCE_ALL)
	sender.reads(conversation, "a plan")
}

// TestAStolenLineKey: once it is revoked, nothing that it signs counts, neither at the platform nor at the
// receiver. The line goes on with new keys.
func TestAStolenLineKey(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, _, name := accepted(w)
	sender.grant(name, apitest.IntroAndLine...)
	thief := load(sender.Desk) // with a copy of the line's file
	stolen := apitest.Must[*routingv1.ListLineKeysResponse](t)(sender.Keys.ListLineKeys(w.Ctx, &routingv1.ListLineKeysRequest{Parent: "lines/sender"})).Keys[0].Id
	revoked := sender.Recorded(sender.Keys.RevokeLineKey(w.Ctx, &routingv1.RevokeLineKeyRequest{
		RequestId: uuid.NewString(), Line: "lines/sender", Key: stolen, Reason: handoverv1.KeyRevocation_KEY_REVOCATION_COMPROMISED,
	}))
	for _, s := range []*sealing.System{thief, sender.System, first.System} {
		s.Saw(revoked.Position)
	}
	if err := thief.Grant(w.Ctx, name, apitest.IntroAndLine...); client.Reason(err) != "GRANT_NOT_TRUSTED" {
		t.Errorf("a stolen key grants: %v", err)
	}
	_, err := first.Open(w.Ctx, name)
	wantRefused(t, err, seal.ErrKey)
	if err := sender.StartOver(w.Ctx, handoverv1.KeyRevocation_KEY_REVOCATION_COMPROMISED); err != nil {
		t.Fatal(err)
	}
	sender.grant(name, apitest.IntroAndLine...)
	first.sees()
	if parts := apitest.Must[[]sealing.Part](t)(first.Open(w.Ctx, name)); parts[0].Text != agreedLine {
		t.Errorf("with new keys the receiver reads %v", parts)
	}
}
