package sealing_test

import (
	"testing"

	"github.com/google/uuid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// handedOn brings a conversation to where the first receiver is alone with the child, whose leg the sender
// carries.
func handedOn(sender, first *party, conversation, name string) {
	sender.T.Helper()
	sender.Bridge(first.Desk, name)
	sender.Transfer(first.Desk, name)
	sender.Leave(sender.Desk, name)
	first.Report(name)
	sender.sees()
	first.sees()
}

// bridgeAgain opens the bridge of a second handover.
func bridgeAgain(first, second *party, name string) {
	first.T.Helper()
	second.Receive(name)
	first.Recorded(first.Routing.OpenBridge(first.Ctx, &routingv1.OpenBridgeRequest{RequestId: uuid.NewString(), Handover: name, Participant: "aksel"}))
}

// moves moves custody with the child's yes, which is given where its leg is.
func moves(leg, to *party, name string) {
	to.T.Helper()
	to.Confirm(name)
	leg.Agree(name)
	to.Settle()
}

// TestASecondHop: while the first line carries the child's leg, all three read what is said on the bridge of the
// next handover, in its overlap and after it. So they do if each of them starts again in between.
func TestASecondHop(t *testing.T) {
	w, sender, first, conversation, name := scene(t)
	sender.grant(name)
	handedOn(sender, first, conversation, name)
	first.grant(name)
	second := newParty(w, "second")
	again := proposeAt(sender, first, second, conversation)
	first.grant(again)
	bridgeAgain(first, second, again)
	everyone := []*party{sender, first, second}
	says := func(p *party, who, words string, to ...*party) {
		for _, p := range everyone {
			p.crashes()
		}
		p.say(conversation, who, words, handoverv1.Audience_AUDIENCE_ALL)
		for _, other := range to {
			other.reads(conversation, words)
		}
	}
	says(first, "aksel", "somebody else is here", sender, second)
	says(second, "aksel", "I am", sender, first)
	says(sender, "child", "who is that?", first, second)
	moves(sender, second, again)
	second.sees()
	second.grant(again)
	says(sender, "child", "are you both here?", first, second)
	says(second, "aksel", "we are", sender, first)
	w.Leave(first.Desk, again)
	says(second, "aksel", "a plan", sender)
	says(sender, "child", "yes", second)
}

// TestALateGrant is of the epoch of its content, also once custody has moved twice.
func TestALateGrant(t *testing.T) {
	w, sender, first, conversation, name := scene(t)
	open := &intakev1.OpenPacketRequest{RequestId: uuid.NewString(), Handover: name}
	apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, open)) // not yet
	handedOn(sender, first, conversation, name)
	second := newParty(w, "second")
	again := proposeAt(sender, first, second, conversation)
	bridgeAgain(first, second, again)
	moves(sender, second, again)
	sender.sees()
	sender.grant(name)
	first.sees()
	parts, err := first.Parts(w.Ctx, name, apitest.Must[*intakev1.OpenPacketResponse](t)(first.Intake.OpenPacket(w.Ctx, open)))
	if err != nil || parts[0].Text != agreedLine {
		t.Errorf("it reads %v, %v", parts, err)
	}
}
