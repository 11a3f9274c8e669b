package sealing_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/seal"
	"github.com/stafett/stafett/pkg/sealing"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/platform"
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
	bridgeAlone(w, sender, first, conversation, name)
	first.grant(name)
	first.say(conversation, "aksel", "I am here", handoverv1.Audience_AUDIENCE_ALL)
	sender.reads(conversation, "I am here")
	sender.say(conversation, "child", "hello", handoverv1.Audience_AUDIENCE_ALL)
	first.reads(conversation, "hello")
}

// TestTheReceiverWritesBeforeItsGrant: the bridge's key is still owed, also once the sender is back, and what was
// written before can then be read.
func TestTheReceiverWritesBeforeItsGrant(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, name := accepted(w)
	bridgeAlone(w, sender, first, conversation, name)
	first.say(conversation, "aksel", "I am here", handoverv1.Audience_AUDIENCE_ALL)
	sender.Join(conversation, "mina")
	first.sees()
	first.grant(name)
	sender.reads(conversation, "I am here")
	if request, err := first.Grants(w.Ctx, name); err != nil || request != nil {
		t.Errorf("what was granted is still owed: %v, %v", request, err)
	}
}

// TestAGrantThatWasNotRecorded: the bridge's key is owed until it is, and a tenure's seals no words before.
func TestAGrantThatWasNotRecorded(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, name := accepted(w)
	bridgeAlone(w, sender, first, conversation, name)
	first.loses(name)
	first.grant(name)
	first.say(conversation, "aksel", "I am here", handoverv1.Audience_AUDIENCE_ALL)
	sender.reads(conversation, "I am here")
}

// TestATenureThatWasNotGranted: the words go on with the bridge's key.
func TestATenureThatWasNotGranted(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, name := accepted(w)
	sender.grant(name)
	sender.Bridge(first.Desk, name)
	sender.sees()
	sender.say(conversation, "mina", "here is aksel", handoverv1.Audience_AUDIENCE_ALL)
	first.reads(conversation, "here is aksel")
	sender.Transfer(first.Desk, name)
	first.sees()
	first.loses(name)
	w.Leave(sender.Desk, name)
	first.sees()
	first.say(conversation, "aksel", "a plan", handoverv1.Audience_AUDIENCE_ALL)
	sender.reads(conversation, "a plan")
	first.grant(name)
	first.say(conversation, "aksel", "for tomorrow", handoverv1.Audience_AUDIENCE_ALL)
	sender.reads(conversation, "for tomorrow")
}

// loses makes grants that never arrive.
func (p *party) loses(handover string) {
	p.T.Helper()
	if request, err := p.Grants(p.Ctx, handover); err != nil || request == nil {
		p.T.Fatalf("%s owes %v, %v", p.Line, request, err)
	}
}

// bridgeAlone brings a conversation to a bridge whose sender was lost before it granted anything.
func bridgeAlone(w *apitest.World, sender, first *party, conversation, name string) {
	w.T.Helper()
	first.Receive(name)
	sender.Disconnect(conversation, "mina")
	w.Advance(31 * time.Second)
	first.Recorded(first.Routing.OpenBridge(w.Ctx, &routingv1.OpenBridgeRequest{
		RequestId: uuid.NewString(), Handover: name, Participant: "aksel", Exception: handover.SenderLost,
	}))
	first.sees()
}

// TestRotationInTheMiddleOfABridge: both lines replace their sealing keys and destroy the former ones, and
// the words go on.
func TestRotationInTheMiddleOfABridge(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, name := accepted(w)
	sender.grant(name)
	sender.Bridge(first.Desk, name)
	sender.sees()
	sender.say(conversation, "mina", "before", handoverv1.Audience_AUDIENCE_ALL)
	first.reads(conversation, "before")
	for _, p := range []*party{sender, first} {
		before := p.listed()[1].Id
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
	sender.grant(name)
	thief := load(sender.Desk) // with a copy of the line's file
	stolen := sender.listed()[0].Id
	revoked := sender.Recorded(sender.Keys.RevokeLineKey(w.Ctx, &routingv1.RevokeLineKeyRequest{
		RequestId: uuid.NewString(), Line: "lines/sender", Key: stolen, Reason: handoverv1.KeyRevocation_KEY_REVOCATION_COMPROMISED,
	}))
	for _, s := range []*sealing.System{thief, sender.System, first.System} {
		s.Saw(revoked.Position)
	}
	if err := thief.Grant(w.Ctx, name); client.Reason(err) != "GRANT_NOT_TRUSTED" {
		t.Errorf("a stolen key grants: %v", err)
	}
	_, err := first.Open(w.Ctx, name)
	wantRefused(t, err, seal.ErrKey)
	if err := sender.StartOver(w.Ctx, handoverv1.KeyRevocation_KEY_REVOCATION_COMPROMISED); err != nil {
		t.Fatal(err)
	}
	sender.grant(name)
	first.sees()
	if parts := apitest.Must[[]sealing.Part](t)(first.Open(w.Ctx, name)); parts[0].Text != agreedLine {
		t.Errorf("with new keys the receiver reads %v", parts)
	}
}

// TestASealingKeyOfAThief: one with a copy of the line's keys publishes a sealing key of its own. The signature
// is the line's, and still the line is told, grants nothing, and revokes it.
func TestASealingKeyOfAThief(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, _, _, name := accepted(w)
	sealed := apitest.Must[[]byte](t)(os.ReadFile(sender.keyFile()))
	if err := load(sender.Desk).Rotate(w.Ctx); err != nil { // the thief
		t.Fatal(err)
	}
	if err := os.WriteFile(sender.keyFile(), sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	sender.sees()
	wantRefused(t, sender.Publish(w.Ctx), sealing.ErrForeignKey)
	wantRefused(t, sender.Grant(w.Ctx, name), sealing.ErrForeignKey)
	if err := sender.StartOver(w.Ctx, handoverv1.KeyRevocation_KEY_REVOCATION_NOT_OURS); err != nil {
		t.Fatal(err)
	}
	sender.grant(name)
}

// TestADestroyedKeyIsNotForeign, also while the log does not show yet that it is retired, and after a restart.
func TestADestroyedKeyIsNotForeign(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := newParty(w, "sender")
	first := sender.listed()[1].Id
	if err := sender.Rotate(w.Ctx); err != nil {
		t.Fatal(err)
	}
	if err := sender.Retire(w.Ctx, first); err != nil {
		t.Fatal(err)
	}
	liar{keys: func(_ *routingv1.ListLineKeysRequest, listed *routingv1.ListLineKeysResponse) {
		listed.Keys[1].Retired = false
	}}.lies(sender)
	if err := sender.Publish(w.Ctx); err != nil {
		t.Errorf("a key that the line destroyed: %v", err)
	}
}

// TestAFullDisk: a key that was not saved is not published, however often the line tries.
func TestAFullDisk(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := newParty(w, "sender")
	aside := sender.keyFile() + ".aside"
	move(t, sender.keyFile(), aside)
	if err := os.Mkdir(sender.keyFile(), 0o700); err != nil { // no file can take this name
		t.Fatal(err)
	}
	if err := sender.Rotate(w.Ctx); err == nil {
		t.Error("rotated without saving")
	}
	if err := sender.Publish(w.Ctx); err != nil {
		t.Errorf("the former keys are of use no more: %v", err)
	}
	if n := len(sender.listed()); n != 2 {
		t.Errorf("the log has %d keys, want the first two", n)
	}
	move(t, aside, sender.keyFile())
	if err := sender.Rotate(w.Ctx); err != nil {
		t.Fatal(err)
	}
	again := load(sender.Desk)
	again.Saw(apitest.Must[uint64](t)(w.Last(w.Ctx)))
	if err := again.Publish(w.Ctx); err != nil || len(sender.listed()) != 3 {
		t.Errorf("the saved keys are not the %d that the log has: %v", len(sender.listed()), err)
	}
}

// keyFile is the file of the line's keys.
func (p *party) keyFile() string {
	return filepath.Join(platform.IdentityFolder(p.Data), "line", p.Line+".sealing")
}

// listed are the line's keys in the log.
func (p *party) listed() []*routingv1.PublishedKey {
	p.T.Helper()
	request := &routingv1.ListLineKeysRequest{Parent: "lines/" + p.Line, MinPosition: apitest.Must[uint64](p.T)(p.Last(p.Ctx))}
	return apitest.Must[*routingv1.ListLineKeysResponse](p.T)(p.Keys.ListLineKeys(p.Ctx, request)).Keys
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil { // a folder
		t.Fatal(err)
	}
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// TestAGrantThatCannotBeChecked holds up nothing else of the line.
func TestAGrantThatCannotBeChecked(t *testing.T) {
	_, sender, first, conversation, name := scene(t)
	sender.grant(name)
	granted := first.granted(conversation)
	asked, hold := make(chan struct{}), make(chan struct{})
	once := sync.OnceFunc(func() { close(asked) })
	liar{keys: func(*routingv1.ListLineKeysRequest, *routingv1.ListLineKeysResponse) {
		once()
		<-hold
	}}.lies(first)
	done := make(chan error, 1)
	go func() {
		_, err := first.Read(first.Ctx, conversation, granted)
		done <- err
	}()
	<-asked
	again := make(chan error, 1)
	go func() {
		_, err := first.Again(first.Ctx, "conversations/another")
		again <- err
	}()
	select {
	case err := <-again:
		first.must(err)
	case <-time.After(time.Minute):
		t.Error("another conversation waits for the check of a grant")
	}
	close(hold)
	first.must(<-done)
}

// granted is the first response with a grant that the party's system is sent.
func (p *party) granted(conversation string) (granted *intakev1.WatchConversationResponse) {
	p.T.Helper()
	err := client.Watch(p.Ctx, p.Intake.WatchConversation, &intakev1.WatchConversationRequest{Name: conversation},
		func(r *intakev1.WatchConversationResponse) error {
			if granted = r; len(r.Grants) > 0 {
				return errRead
			}
			return nil
		})
	if !errors.Is(err, errRead) {
		p.T.Fatalf("%s is sent no grant: %v", p.Line, err)
	}
	return granted
}
