package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestSlowTimes: hours and days where a chat has seconds. Nobody's desk rings.
func TestSlowTimes(t *testing.T) {
	for state, want := range map[string]string{
		"CONSENT_ASKED": "CONSENT_ASKED CHILD 48h0m0s", "ROUTING": "ROUTING PLATFORM 2s", "OFFERED": "OFFERED RECEIVER 4h0m0s",
		"ACCEPTED": "ACCEPTED RECEIVER 4h0m0s", "BRIEFING": "BRIEFING SENDER 4h0m0s", "BRIDGED": "BRIDGED RECEIVER 24h0m0s",
		"CONFIRMING": "CONFIRMING CHILD 48h0m0s", "TRANSFERRED": "TRANSFERRED SENDER 24h0m0s",
		"AWAITING_OUTCOME": "AWAITING_OUTCOME RECEIVER 168h0m0s",
	} {
		for _, channel := range []handoverv1.Channel{story.Sms, story.Email} {
			story.Slowly(t, channel, state).Stands(want)
		}
	}
	s := story.Slowly(t, story.Sms, "ROUTING")
	if left := handover.Of(s.State.Conversation).Current().BudgetDeadline.AsTime().Sub(s.Now); left != 3*story.Day {
		t.Errorf("the budget is %s, want three days", left)
	}
	s = story.Slowly(t, story.Sms, "OFFERED").Given(story.First.Seen()).Wait(4*time.Hour - 1)
	s.When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("OfferTimedOut", "OfferSent")
}

// TestSlowMachinesAnswerAsFast: they do not sleep.
func TestSlowMachinesAnswerAsFast(t *testing.T) {
	s := story.Slowly(t, story.Email, "OFFERED").Wait(5 * time.Second)
	s.When(s.Advance()).Gives("OfferUnreachable", "OfferSent")
}

// TestBeingThereMeansHavingWritten: the receiver before it says "I have it", and
// sender and child before custody moves.
func TestBeingThereMeansHavingWritten(t *testing.T) {
	unwritten := func(o story.Outcome, who string) {
		t.Helper()
		if r := o.Refused("NOT_WRITTEN"); r.Metadata["who"] != who {
			t.Errorf("the refusal says %v, want %s", r.Metadata, who)
		}
	}
	s := story.Slowly(t, story.Sms, "BRIEFING").Given(story.First.Bridge())
	unwritten(s.When(story.First.Confirm()), story.Emergency)
	s.Given(story.Writes(story.Emergency, "ola", story.Counsellors))
	unwritten(s.When(story.First.Confirm()), story.Emergency)
	s.Given(story.Writes(story.Emergency, "ola", story.All), story.First.Confirm())
	unwritten(s.When(story.First.Agree()), story.Bullying)
	unwritten(s.When(story.First.Attest()), story.Bullying)
	s.Given(story.Writes(story.Bullying, "kim", story.All))
	unwritten(s.When(story.First.Agree()), "the child")
	unwritten(s.When(story.First.Attest()), "the child")
	s.Given(story.Writes(story.Bullying, "child", story.All)).When(story.First.Agree()).Gives("ChildAgreed")
	s.When(s.Advance()).Gives("CustodyTransferred")
}

// TestWordsBeforeTheBridgeDoNotCount, nor do those of an earlier handover.
func TestWordsBeforeTheBridgeDoNotCount(t *testing.T) {
	s := story.Slowly(t, story.Sms, "CLOSED").Wait(time.Hour)
	s.Rank = story.Plan(story.Mind)
	s.To(story.Second, story.StateOf("BRIEFING")).Given(story.Writes(story.Emergency, "ola", story.All), story.Writes(story.Bullying, "child", story.All), story.Second.Bridge())
	if words := handover.Of(s.State.Conversation).Current().BridgeWords; words.Sender || words.Receiver || words.Child {
		t.Errorf("written is %v", words)
	}
}

// TestTheRelayedChildHasWritten: its leg is at a third line.
func TestTheRelayedChildHasWritten(t *testing.T) {
	s := story.Slowly(t, story.Sms, "CLOSED").Wait(time.Hour)
	s.Rank = story.Plan(story.Mind)
	s.To(story.Second, story.StateOf("BRIDGED"))
	if words := handover.Of(s.State.Conversation).Current().BridgeWords; !words.Sender || !words.Receiver || !words.Child {
		t.Errorf("written is %v", words)
	}
}

// TestInAChatWordsAreNotNeeded.
func TestInAChatWordsAreNotNeeded(t *testing.T) {
	story.At(t, "BRIDGED").When(story.First.Confirm()).Gives("ReceiverConfirmed")
	story.At(t, "CONFIRMING").When(story.First.Agree()).Gives("ChildAgreed")
	story.At(t, "CONFIRMING").When(story.First.Attest()).Gives("AgreementAttested", "CustodyTransferred")
}

// TestNobodyIsThereInSlowWriting: neither child nor counsellor is waited for or
// alerted of, and the overlap ends by itself.
func TestNobodyIsThereInSlowWriting(t *testing.T) {
	for _, state := range []string{"CONSENT_ASKED", "OFFERED", "BRIDGED", "CONFIRMING"} {
		s := story.Slowly(t, story.Sms, state).Given(story.DropsOut(story.Bullying, "child"), story.DropsOut(story.Bullying, "kim"))
		s.When(s.Advance()).Gives()
	}
	story.Slowly(t, story.Sms, "CONSENT_ASKED").Given(story.DropsOut(story.Bullying, "child")).When(story.First.Give(story.Intro)).Gives("ConsentGiven")
	s := story.Slowly(t, story.Sms, "TRANSFERRED").Given(story.DropsOut(story.Emergency, "ola")).Wait(story.Day)
	s.When(s.Advance()).Gives("SenderLeft")
	story.Slowly(t, story.Sms, "TRANSFERRED").Given(story.DropsOut(story.Emergency, "ola")).When(story.First.Leave()).Gives("SenderLeft")
}

// TestAChildThatLeftIsGoneInSlowWritingToo: it said so.
func TestAChildThatLeftIsGoneInSlowWritingToo(t *testing.T) {
	s := story.Slowly(t, story.Sms, "CONFIRMING").Given(story.Leaves(story.Bullying, "child"))
	s.When(story.First.Agree()).Refused("PARTICIPANT_ABSENT")
	s.When(s.Advance()).Gives("HandoverPaused")
	s.Wait(15 * time.Minute).When(s.Advance()).Gives("HandoverAbandoned")
}

// TestARecordedExceptionStandsInForTheChildsWords, also when it is back.
func TestARecordedExceptionStandsInForTheChildsWords(t *testing.T) {
	s := story.Begin(t).Given(story.Opening(story.Sms), story.Comes(story.Bullying, "kim"), story.Risk(story.Bullying, story.Imminent)).To(story.First, story.StateOf("BRIEFING"))
	s.Given(story.Leaves(story.Bullying, "child"), story.With(story.First.Bridge(), "Exception", story.Unreachable), story.ChildComes())
	s.Given(story.Writes(story.Bullying, "kim", story.All), story.Writes(story.Emergency, "ola", story.All), story.First.Confirm())
	s.When(story.First.Attest()).Gives("AgreementAttested", "CustodyTransferred")
}
