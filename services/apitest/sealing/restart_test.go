package sealing_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/seal"
	"github.com/stafett/stafett/pkg/sealing"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/platform"
)

// crashes loads the party's system again, with nothing but what its files have. It has no way to end orderly.
func (p *party) crashes() {
	p.T.Helper()
	p.System = load(p.Desk)
	p.sees()
}

// TestACrashBetweenEveryTwoSteps of both lines' systems loses no part, no word and no grant.
func TestACrashBetweenEveryTwoSteps(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := newParty(w, "sender"), newParty(w, "first")
	conversation := sender.OpenConversation()
	sender.Staff()
	name := sender.Recorded(sender.Routing.ProposeHandover(w.Ctx, &routingv1.ProposeHandoverRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Candidates: []string{"lines/first"},
	})).Name
	sender.sees()
	part := &intakev1.SealPacketRequest{Handover: name, Part: handoverv1.Scope_SCOPE_ONE_LINE}
	var sealed *intakev1.SealPacketResponse
	for _, step := range []func(){
		func() { sender.must(sender.Seal(w.Ctx, part, agreedLine)) },
		func() { sealed = apitest.Must[*intakev1.SealPacketResponse](t)(sender.Intake.SealPacket(w.Ctx, part)) },
		func() { sender.must(sender.Sealed(part, sealed)) },
		func() { sender.agrees(name, apitest.IntroAndLine...) },
		func() { sender.Consent(name) },
		func() { sender.must(sender.Rotate(w.Ctx)) },
		func() { first.accepting(name + "/offers/1") },
		func() { first.Accept(name, "1") },
		func() { first.must(first.Rotate(w.Ctx)) },
		func() { sender.grant(name) },
		func() { first.must(first.Rotate(w.Ctx)) },
		func() { first.opens(name, agreedLine) },
		func() { sender.Bridge(first.Desk, name) },
		func() { sender.say(conversation, "mina", "here is aksel", handoverv1.Audience_AUDIENCE_ALL) },
		func() { first.reads(conversation, "here is aksel") },
		func() { first.say(conversation, "aksel", "hello", handoverv1.Audience_AUDIENCE_ALL) },
		func() { sender.reads(conversation, "hello") },
		func() { sender.Transfer(first.Desk, name) },
		func() { first.grant(name) },
		func() { w.Leave(sender.Desk, name) },
		func() { first.say(conversation, "aksel", "a plan", handoverv1.Audience_AUDIENCE_ALL) },
		func() { sender.reads(conversation, "a plan") },
		func() { sender.say(conversation, "child", "yes", handoverv1.Audience_AUDIENCE_ALL) },
		func() { first.reads(conversation, "yes") },
		func() { first.opens(name, agreedLine) },
	} {
		step()
		sender.crashes()
		first.crashes()
	}
}

// opens opens a packet that has one part.
func (p *party) opens(handover, want string) {
	p.T.Helper()
	if parts := apitest.Must[[]sealing.Part](p.T)(p.Open(p.Ctx, handover)); len(parts) != 1 || parts[0].Text != want {
		p.T.Fatalf("%s reads %v, want %q", p.Line, parts, want)
	}
}

// TestAnEarlierVersion: what the child did not agree to stays closed, also for a platform that shows the earlier
// version together with the grant of the later one.
func TestAnEarlierVersion(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := newParty(w, "sender"), newParty(w, "first")
	conversation := sender.OpenConversation()
	sender.Staff()
	name := sender.Recorded(sender.Routing.ProposeHandover(w.Ctx, &routingv1.ProposeHandoverRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Candidates: []string{"lines/first"},
	})).Name
	sender.sees()
	early := &intakev1.SealPacketRequest{Handover: name, Part: handoverv1.Scope_SCOPE_ONE_LINE}
	sender.must(sender.Seal(w.Ctx, early, "is hit at home"))
	sender.must(sender.Sealed(early, apitest.Must[*intakev1.SealPacketResponse](t)(sender.Intake.SealPacket(w.Ctx, early))))
	sender.seals(name, agreedLine)
	sender.agrees(name, apitest.IntroAndLine...)
	sender.Consent(name)
	first.accepting(name + "/offers/1")
	first.Accept(name, "1")
	sender.sees()
	sender.grant(name)
	first.opens(name, agreedLine)
	shown := &intakev1.SealedPart{Sealed: early.Sealed, Salt: make([]byte, 32)}
	liar{packet: func(p *intakev1.OpenPacketResponse) { p.Parts[0].Sealed, p.Parts[0].Salt = shown.Sealed, shown.Salt }, conversation: commits(shown)}.lies(first)
	_, err := first.Open(w.Ctx, name)
	wantRefused(t, err, seal.ErrOpen)
}

// TestAVersionThatWasSealedAfterTheYes is not granted, also if the platform shows it as agreed to.
func TestAVersionThatWasSealedAfterTheYes(t *testing.T) {
	w, sender, _, _, name := scene(t)
	late := &intakev1.SealPacketRequest{Handover: name, Part: handoverv1.Scope_SCOPE_ONE_LINE}
	sender.must(sender.Seal(w.Ctx, late, "is hit at home"))
	commitment := bytes.Repeat([]byte{7}, 32)
	sender.must(sender.Sealed(late, &intakev1.SealPacketResponse{Commitment: commitment}))
	liar{conversation: func(c *intakev1.Conversation) {
		for _, parts := range [][]*handoverv1.PacketPart{c.Handovers[0].PacketParts, c.Handovers[0].Consent.GivenParts} {
			parts[0].Commitment = commitment
		}
	}}.lies(sender)
	request := apitest.Must[*intakev1.GrantAccessRequest](t)(sender.Grants(w.Ctx, name))
	if len(request.Grants) != 1 {
		t.Errorf("%d keys are granted, want the bridge's alone", len(request.Grants))
	}
}

// TestTwoPrograms of one line use the same files: what one does, the other knows.
func TestTwoPrograms(t *testing.T) {
	w, sender, first, _, name := scene(t)
	desk := load(first.Desk)
	desk.Saw(apitest.Must[uint64](t)(w.Last(w.Ctx)))
	first.must(first.Rotate(w.Ctx))
	desk.Saw(apitest.Must[uint64](t)(w.Last(w.Ctx)))
	if err := desk.Publish(w.Ctx); err != nil {
		t.Errorf("the other program's key is foreign: %v", err)
	}
	sender.sees()
	sender.grant(name)
	if parts := apitest.Must[[]sealing.Part](t)(desk.Open(w.Ctx, name)); parts[0].Text != agreedLine {
		t.Errorf("what was granted to the other program's key reads %v", parts)
	}
	done := make(chan error)
	for _, program := range []*sealing.System{first.System, desk} {
		go func() { done <- program.Rotate(w.Ctx) }()
	}
	for range 2 {
		first.must(<-done)
	}
	first.sees()
	if err := first.Publish(w.Ctx); err != nil {
		t.Errorf("one of two programs that rotated at once has lost a key: %v", err)
	}
}

// TestContentKeysAreForgotten once a conversation has been over for two days, and not before.
func TestContentKeysAreForgotten(t *testing.T) {
	w, sender, first, conversation, name := scene(t)
	sender.grant(name)
	sender.Bridge(first.Desk, name)
	sender.Transfer(first.Desk, name)
	w.Leave(sender.Desk, name)
	first.opens(name, agreedLine)
	first.Recorded(first.Intake.CloseConversation(w.Ctx, &intakev1.CloseConversationRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED,
	}))
	first.sees()
	file := filepath.Join(platform.IdentityFolder(w.Data), "line", "first.contents", filepath.Base(conversation))
	for _, day := range []struct {
		after time.Duration
		kept  bool
	}{{47 * time.Hour, true}, {2 * time.Hour, false}} {
		w.Clock.Advance(day.after)
		first.must(first.Publish(w.Ctx))
		if _, err := os.Stat(file); (err == nil) != day.kept {
			t.Errorf("%v later its content keys: %v, want kept: %t", day.after, err, day.kept)
		}
	}
}

// TestContentKeysAreKept while the platform does not say that the line has no part in the conversation.
func TestContentKeysAreKept(t *testing.T) {
	w, sender, first, conversation, name := scene(t)
	sender.grant(name)
	first.opens(name, agreedLine)
	w.Clock.Advance(49 * time.Hour)
	file := filepath.Join(platform.IdentityFolder(w.Data), "line", "first.contents", filepath.Base(conversation))
	for _, refused := range []error{status.Error(codes.NotFound, "lost in a restore"), refusal.PeerNotAllowed("").GRPCStatus().Err()} {
		liar{refusal: refused}.lies(first)
		first.must(first.Publish(w.Ctx))
		if _, err := os.Stat(file); err != nil {
			t.Errorf("after %v the content keys: %v", refused, err)
		}
	}
	liar{refusal: refusal.ConversationNotYours("").GRPCStatus().Err()}.lies(first)
	first.must(first.Publish(w.Ctx))
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("once the conversation is over the content keys: %v", err)
	}
}
