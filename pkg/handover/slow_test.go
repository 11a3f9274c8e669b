package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const day = 24 * time.Hour

// slowly is a story in sms or e-mail whose first handover has come to a state.
func slowly(t *testing.T, channel handoverv1.Channel, state string) *story {
	return begin(t).given(opening(channel), comes(bullying, "kim")).to(first, stateOf(state))
}

// TestSlowTimes: hours and days where a chat has seconds. Nobody's desk rings.
func TestSlowTimes(t *testing.T) {
	for state, want := range map[string]string{
		"CONSENT_ASKED": "CONSENT_ASKED CHILD 48h0m0s", "ROUTING": "ROUTING PLATFORM 2s", "OFFERED": "OFFERED RECEIVER 4h0m0s",
		"ACCEPTED": "ACCEPTED RECEIVER 4h0m0s", "BRIEFING": "BRIEFING SENDER 4h0m0s", "BRIDGED": "BRIDGED RECEIVER 24h0m0s",
		"CONFIRMING": "CONFIRMING CHILD 48h0m0s", "TRANSFERRED": "TRANSFERRED SENDER 24h0m0s",
		"AWAITING_OUTCOME": "AWAITING_OUTCOME RECEIVER 168h0m0s",
	} {
		for _, channel := range []handoverv1.Channel{sms, email} {
			slowly(t, channel, state).stands(want)
		}
	}
	s := slowly(t, sms, "ROUTING")
	if left := handover.Of(s.state.Conversation).Current().BudgetDeadline.AsTime().Sub(s.now); left != 3*day {
		t.Errorf("the budget is %s, want three days", left)
	}
	s = slowly(t, sms, "OFFERED").given(first.seen()).wait(4*time.Hour - 1)
	s.when(s.advance()).gives()
	s.wait(1).when(s.advance()).gives("OfferTimedOut", "OfferSent")
}

// TestSlowMachinesAnswerAsFast: they do not sleep.
func TestSlowMachinesAnswerAsFast(t *testing.T) {
	s := slowly(t, email, "OFFERED").wait(5 * time.Second)
	s.when(s.advance()).gives("OfferUnreachable", "OfferSent")
}

// TestBeingThereMeansHavingWritten: the receiver before it says "I have it", and
// sender and child before custody moves.
func TestBeingThereMeansHavingWritten(t *testing.T) {
	unwritten := func(o outcome, who string) {
		t.Helper()
		if r := o.refused("NOT_WRITTEN"); r.Metadata["who"] != who {
			t.Errorf("the refusal says %v, want %s", r.Metadata, who)
		}
	}
	s := slowly(t, sms, "BRIEFING").given(first.bridge())
	unwritten(s.when(first.confirm()), emergency)
	s.given(writes(emergency, "ola", counsellors))
	unwritten(s.when(first.confirm()), emergency)
	s.given(writes(emergency, "ola", all), first.confirm())
	unwritten(s.when(first.agree()), bullying)
	unwritten(s.when(first.attest()), bullying)
	s.given(writes(bullying, "kim", all))
	unwritten(s.when(first.agree()), "the child")
	unwritten(s.when(first.attest()), "the child")
	s.given(writes(bullying, "child", all)).when(first.agree()).gives("ChildAgreed")
	s.when(s.advance()).gives("CustodyTransferred")
}

// TestWordsBeforeTheBridgeDoNotCount, nor do those of an earlier handover.
func TestWordsBeforeTheBridgeDoNotCount(t *testing.T) {
	s := slowly(t, sms, "CLOSED").wait(time.Hour)
	s.rank = plan(mind)
	s.to(second, stateOf("BRIEFING")).given(writes(emergency, "ola", all), writes(bullying, "child", all), second.bridge())
	if words := handover.Of(s.state.Conversation).Current().BridgeWords; words.Sender || words.Receiver || words.Child {
		t.Errorf("written is %v", words)
	}
}

// TestTheRelayedChildHasWritten: its leg is at a third line.
func TestTheRelayedChildHasWritten(t *testing.T) {
	s := slowly(t, sms, "CLOSED").wait(time.Hour)
	s.rank = plan(mind)
	s.to(second, stateOf("BRIDGED"))
	if words := handover.Of(s.state.Conversation).Current().BridgeWords; !words.Sender || !words.Receiver || !words.Child {
		t.Errorf("written is %v", words)
	}
}

// TestInAChatWordsAreNotNeeded.
func TestInAChatWordsAreNotNeeded(t *testing.T) {
	at(t, "BRIDGED").when(first.confirm()).gives("ReceiverConfirmed")
	at(t, "CONFIRMING").when(first.agree()).gives("ChildAgreed")
	at(t, "CONFIRMING").when(first.attest()).gives("AgreementAttested", "CustodyTransferred")
}

// TestNobodyIsThereInSlowWriting: neither child nor counsellor is waited for or
// alerted of, and the overlap ends by itself.
func TestNobodyIsThereInSlowWriting(t *testing.T) {
	for _, state := range []string{"CONSENT_ASKED", "OFFERED", "BRIDGED", "CONFIRMING"} {
		s := slowly(t, sms, state).given(dropsOut(bullying, "child"), dropsOut(bullying, "kim"))
		s.when(s.advance()).gives()
	}
	slowly(t, sms, "CONSENT_ASKED").given(dropsOut(bullying, "child")).when(first.give(intro)).gives("ConsentGiven")
	s := slowly(t, sms, "TRANSFERRED").given(dropsOut(emergency, "ola")).wait(day)
	s.when(s.advance()).gives("SenderLeft")
	slowly(t, sms, "TRANSFERRED").given(dropsOut(emergency, "ola")).when(first.leave()).gives("SenderLeft")
}

// TestAChildThatLeftIsGoneInSlowWritingToo: it said so.
func TestAChildThatLeftIsGoneInSlowWritingToo(t *testing.T) {
	s := slowly(t, sms, "CONFIRMING").given(leaves(bullying, "child"))
	s.when(first.agree()).refused("PARTICIPANT_ABSENT")
	s.when(s.advance()).gives("HandoverPaused")
	s.wait(15 * time.Minute).when(s.advance()).gives("HandoverAbandoned")
}

// TestARecordedExceptionStandsInForTheChildsWords, also when it is back.
func TestARecordedExceptionStandsInForTheChildsWords(t *testing.T) {
	s := begin(t).given(opening(sms), comes(bullying, "kim"), risk(bullying, imminent)).to(first, stateOf("BRIEFING"))
	s.given(leaves(bullying, "child"), with(first.bridge(), "Exception", unreachable), childComes())
	s.given(writes(bullying, "kim", all), writes(emergency, "ola", all), first.confirm())
	s.when(first.attest()).gives("AgreementAttested", "CustodyTransferred")
}
