package sealing_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/sealing"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/platform"
)

// party is a desk with the system that seals for its line.
type party struct {
	apitest.Desk
	*sealing.System
	position uint64
}

// newParty makes the system of a line, which publishes its keys.
func newParty(w *apitest.World, line string) *party {
	w.T.Helper()
	d := w.Desk(line)
	p := &party{d, load(d), 0}
	if err := p.Publish(w.Ctx); err != nil {
		w.T.Fatal(err)
	}
	return p
}

func load(d apitest.Desk) *sealing.System {
	d.T.Helper()
	return apitest.Must[*sealing.System](d.T)(sealing.Load(d.Platform, platform.Credentials(platform.IdentityFolder(d.Data), "line", d.Line), d.Clock.Now))
}

const agreedLine = "is safe tonight"

// accepted brings two lines to where the receiver has accepted and nothing was granted.
func accepted(w *apitest.World) (sender, first *party, conversation, handover string) {
	w.T.Helper()
	sender, first = newParty(w, "sender"), newParty(w, "first")
	conversation = sender.OpenConversation()
	return sender, first, conversation, propose(sender, first, conversation)
}

// propose brings a conversation to where the receiver has accepted and nothing was granted.
func propose(sender, first *party, conversation string) (handover string) {
	sender.T.Helper()
	sender.Staff()
	proposed := sender.Recorded(sender.Routing.ProposeHandover(sender.Ctx, &routingv1.ProposeHandoverRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Candidates: []string{"lines/first"},
	}))
	sender.Saw(proposed.Position)
	part := &intakev1.SealPacketRequest{Handover: proposed.Name, Part: handoverv1.Scope_SCOPE_ONE_LINE}
	if err := sender.Seal(sender.Ctx, part, agreedLine); err != nil {
		sender.T.Fatal(err)
	}
	sender.Recorded(sender.Intake.SealPacket(sender.Ctx, part))
	sender.Consent(proposed.Name)
	sender.Saw(first.Accept(proposed.Name, "1").Position)
	first.Accepted(proposed.Name + "/offers/1")
	return proposed.Name
}

func (p *party) grant(handover string, agreed ...handoverv1.Scope) {
	p.T.Helper()
	if err := p.Grant(p.Ctx, handover, agreed...); err != nil {
		p.T.Fatal(err)
	}
}

// say seals words and sends them.
func (p *party) say(conversation, who, words string, to handoverv1.Audience) {
	p.T.Helper()
	request := &intakev1.SendMessageRequest{Conversation: conversation, Participant: who, Audience: to}
	if err := p.Seal(p.Ctx, request, words); err != nil {
		p.T.Fatal(err)
	}
	p.Recorded(p.Intake.SendMessage(p.Ctx, request))
}

var errRead = errors.New("read")

// reads waits until the party's system has read words.
func (p *party) reads(conversation, words string) {
	p.T.Helper()
	err := client.Watch(p.Ctx, p.Intake.WatchConversation, &intakev1.WatchConversationRequest{Name: conversation, AfterPosition: p.position},
		func(r *intakev1.WatchConversationResponse) error {
			p.position = max(p.position, r.Position)
			read, err := p.Read(p.Ctx, conversation, r)
			if slices.ContainsFunc(read, func(w sealing.Words) bool { return w.Text == words }) {
				return errRead
			}
			return err
		})
	if !errors.Is(err, errRead) {
		p.T.Fatalf("%s does not read %q: %v", p.Line, words, err)
	}
}

// TestAHandoverIsSealed from the packet to the relay after it, with nothing but what both systems know.
func TestAHandoverIsSealed(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, conversation, handover := accepted(w)
	if parts := apitest.Must[[]sealing.Part](t)(first.Open(w.Ctx, handover)); parts[0].Text != "" {
		t.Errorf("before the grant the receiver reads %v", parts)
	}
	sender.grant(handover, apitest.IntroAndLine...)
	if parts := apitest.Must[[]sealing.Part](t)(first.Open(w.Ctx, handover)); len(parts) != 1 || parts[0].Text != agreedLine {
		t.Errorf("the receiver reads %v", parts)
	}
	sender.Bridge(first.Desk, handover)
	sender.Saw(apitest.Must[uint64](t)(w.Last(w.Ctx)))
	sender.say(conversation, "mina", "here is aksel", handoverv1.Audience_AUDIENCE_ALL)
	first.reads(conversation, "here is aksel")
	first.say(conversation, "aksel", "hello", handoverv1.Audience_AUDIENCE_ALL)
	sender.reads(conversation, "hello")
	sender.Transfer(first.Desk, handover)
	first.Saw(apitest.Must[uint64](t)(w.Last(w.Ctx)))
	first.grant(handover)
	w.Leave(sender.Desk, handover)
	first.say(conversation, "aksel", "a plan for tomorrow", handoverv1.Audience_AUDIENCE_ALL)
	sender.reads(conversation, "a plan for tomorrow")
	sender.say(conversation, "child", "yes", handoverv1.Audience_AUDIENCE_ALL)
	first.reads(conversation, "yes")
}

// TestOnlyWhatWasAgreedIsGranted: a platform that shows a wider yes than the child gave gets nothing.
func TestOnlyWhatWasAgreedIsGranted(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, _, _, handover := accepted(w)
	if err := sender.Grant(w.Ctx, handover, handoverv1.Scope_SCOPE_INTRO); !errors.Is(err, sealing.ErrAltered) {
		t.Errorf("granted what was not agreed to: %v", err)
	}
}

// TestRotation: a key of a day is replaced, and what was granted to the former one still opens, also after
// a restart of the line's system.
func TestRotation(t *testing.T) {
	w := apitest.NewWorld(t)
	newParty(w, "first")
	w.Clock.Advance(24*time.Hour - 70*time.Second) // a new key counts from a minute before
	sender, first, _, handover := accepted(w)
	sender.grant(handover, apitest.IntroAndLine...)
	w.Clock.Advance(20 * time.Second)
	if err := first.Publish(w.Ctx); err != nil {
		t.Fatal(err)
	}
	listed := apitest.Must[*routingv1.ListLineKeysResponse](t)(first.Keys.ListLineKeys(w.Ctx, &routingv1.ListLineKeysRequest{Parent: "lines/first"}))
	if len(listed.Keys) != 3 {
		t.Errorf("after a day the log has %d keys, want a signing key and two sealing keys", len(listed.Keys))
	}
	again := load(first.Desk)
	again.Accepted(handover + "/offers/1")
	if err := again.Publish(w.Ctx); err != nil {
		t.Fatal(err)
	}
	if parts := apitest.Must[[]sealing.Part](t)(again.Open(w.Ctx, handover)); parts[0].Text != agreedLine {
		t.Errorf("the former key opens %v", parts)
	}
}

// TestAForeignKeyStopsGrants until the line has revoked it.
func TestAForeignKeyStopsGrants(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first, _, handover := accepted(w)
	w.Remove("identity/line/sender.sealing")
	thief := load(sender.Desk)
	if err := thief.StartOver(w.Ctx, handoverv1.KeyRevocation_KEY_REVOCATION_LOST); err != nil {
		t.Fatal(err)
	}
	if err := sender.Grant(w.Ctx, handover, apitest.IntroAndLine...); !errors.Is(err, sealing.ErrForeignKey) {
		t.Errorf("granted beside a foreign key: %v", err)
	}
	if _, err := first.Open(w.Ctx, handover); err != nil {
		t.Errorf("the rest does not go on: %v", err)
	}
}
