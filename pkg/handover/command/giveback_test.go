package command_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestAReceiverGivesTheChildBack until it says "I have it": the next line is asked in what was
// left of the budget, and the receiver is out.
func TestAReceiverGivesTheChildBack(t *testing.T) {
	for _, state := range []string{"ACCEPTED", "BRIEFING", "BRIDGED"} {
		s := story.At(t, state)
		s.When(story.First.Decline()).Gives("OfferGivenBack", "OfferSent").Stands("OFFERED RECEIVER 45s")
		s.Offers(story.Emergency+" DECLINED", story.Mind+" SENT").UnleasedBut(story.Mind)
		if n := handover.Of(s.State.Conversation).Counsellors(story.Emergency); n != 0 {
			t.Errorf("in %s %d of the receiver are still there", state, n)
		}
		s.Party(story.Emergency, false, true)
		s.When(story.First.Decline()).Refused("TOO_LATE")
	}
	story.At(t, "CONFIRMING").When(story.First.Decline()).Refused("TOO_LATE")
}

// TestTheLastLineGivesTheChildBack: the handover returns.
func TestTheLastLineGivesTheChildBack(t *testing.T) {
	s := story.Routed(t, 0, story.Emergency).Looks().Given(story.First.Accept())
	s.When(story.First.Decline()).Gives("OfferGivenBack", "HandoverReturned").Returned("PLAN_EXHAUSTED")
}

// TestAGivenBackBudget is what was left at the accept, and not less than a minute.
func TestAGivenBackBudget(t *testing.T) {
	s := story.At(t, "OFFERED").Wait(20 * time.Second).Given(story.First.Accept()).Wait(25 * time.Second)
	s.When(story.First.Decline()).Gives("OfferGivenBack", "OfferSent").Budget(160 * time.Second)
	s = story.Routed(t, story.Imminent, story.Emergency, story.Mind, story.Alcohol).Looks().Wait(14 * time.Second).Given(story.First.Accept()).Wait(25 * time.Second)
	s.When(story.First.Decline()).Gives("OfferGivenBack", "OfferSent").Budget(46 * time.Second)
}

// TestTheNextHandoverBeginsInTheOverlap, and the sender of the one before leaves when custody
// moves on.
func TestTheNextHandoverBeginsInTheOverlap(t *testing.T) {
	s := story.At(t, "TRANSFERRED")
	s.Rank = story.Plan(story.Mind)
	s.To(story.Second, story.StateOf("CONFIRMING"))
	s.Given(story.Writes(story.Bullying, "kim", story.All))
	s.When(story.Second.Attest()).Gives("AgreementAttested", "SenderLeft", "CustodyTransferred")
	if c := s.State.Conversation; c.Custody.Line != story.Mind || c.Custody.Epoch != 3 {
		t.Errorf("custody is %v", c.Custody)
	}
	s.Given(story.First.Report(), story.Second.Leave(), story.Second.Report())
}

// TestBackToTheSenderWithinTheOverlap: who came to receive stays when the overlap ends.
func TestBackToTheSenderWithinTheOverlap(t *testing.T) {
	s := story.At(t, "TRANSFERRED")
	s.Rank = story.Plan(story.Bullying)
	back := story.Back
	back.Receiver = "per"
	s.To(back, story.StateOf("BRIDGED")).Given(story.First.Leave())
	if n := handover.Of(s.State.Conversation).Counsellors(story.Bullying); n == 0 {
		t.Error("the receiver was sent out with the sender")
	}
	s.Given(back.Confirm(), back.Attest())
}

// TestAChildWhoIsThereWasReached: nobody attests that it could not be.
func TestAChildWhoIsThereWasReached(t *testing.T) {
	s := story.Opened(t).Given(story.Risk(story.Bullying, story.Imminent)).To(story.First, story.StateOf("BRIEFING"))
	s.Given(story.DropsOut(story.Bullying, "child"), story.With(story.First.Bridge(), "Exception", story.Unreachable), story.First.Confirm())
	attest := story.With(story.First.Attest(), "Reason", handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE)
	s.Given(story.ChildComes()).When(attest).Refused("CHILD_REQUIRED")
	s.Given(story.Writes(story.Bullying, "child", story.All), story.DropsOut(story.Bullying, "child")).When(attest).Refused("CHILD_REQUIRED")
}
