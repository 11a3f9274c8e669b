package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestARisingRiskHastens at once: the line that is being asked has 15 seconds, one
// more is asked, and a risk that falls gives no time back.
func TestARisingRiskHastens(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Seen()).Wait(10 * time.Second).Given(story.Risk(story.Bullying, story.Imminent))
	if due, _ := deadline.Due(s.State.Conversation); due != deadline.AtOnce {
		t.Errorf("due at %s, want at once", due)
	}
	s.When(s.Advance()).Gives("HandoverHastened", "OfferSent").Stands("OFFERED RECEIVER 15s").Budget(time.Minute)
	s.Offers(story.Emergency+" ALERTING", story.Mind+" SENT")
	s.When(s.Advance()).Gives()
	s.Given(story.Risk(story.Bullying, handoverv1.RiskLevel_RISK_LEVEL_R1))
	s.When(s.Advance()).Gives().Stands("OFFERED RECEIVER 15s").Budget(time.Minute)
	s.When(story.First.AcceptBy(story.Mind, 2)).Gives("OfferAccepted", "OfferWithdrawn").Offers(story.Emergency+" WITHDRAWN", story.Mind+" ACCEPTED")
}

// TestAHastenedOfferEndsSooner, and rings no more on the way.
func TestAHastenedOfferEndsSooner(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Seen(), story.Risk(story.Bullying, story.Imminent)).Looks().Given(story.First.SeenBy(story.Mind, 2))
	s.Wait(15*time.Second - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("OfferTimedOut", "OfferTimedOut", "HandoverReturned").Returned("PLAN_EXHAUSTED")

	s = story.At(t, "OFFERED").Given(story.First.Seen(), story.Risk(story.Bullying, story.Imminent)).Looks().Wait(15 * time.Second)
	s.When(story.First.Accept()).Refused("TOO_LATE")
}

// TestHasteGivesNoMoreTime: what is earlier already stays.
func TestHasteGivesNoMoreTime(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Seen()).Wait(40 * time.Second).Given(story.Risk(story.Bullying, story.Imminent))
	s.Looks().Given(story.First.SeenBy(story.Mind, 2))
	s.Wait(5*time.Second).When(s.Advance()).Gives("OfferTimedOut").Offers(story.Emergency+" TIMED_OUT", story.Mind+" ALERTING")

	s = story.Routed(t, 0, "a", "b", "c", "d", "e").Looks().Given(story.First.SeenBy("a", 1))
	for n := uint32(2); n < 5; n++ {
		s.Wait(44*time.Second).Given(story.First.DeclineBy(string(rune('a'+n-2)), n-1), story.First.SeenBy(string(rune('a'+n-1)), n))
	}
	s.Given(story.Risk(story.Bullying, story.Imminent)).Looks().Budget(48 * time.Second)
}

// TestARisingRiskWithNobodyLeft to ask leaves less time to the one that is asked.
func TestARisingRiskWithNobodyLeft(t *testing.T) {
	s := story.Routed(t, 0, story.Emergency).Looks().Given(story.Risk(story.Bullying, story.Imminent))
	s.When(s.Advance()).Gives("HandoverHastened").Stands("OFFERED RECEIVER 15s").Budget(time.Minute)
	s.When(s.Advance()).Gives()
}

// TestARiskThatRisesBeforeLinesAreAsked hastens what was begun slowly, and one that
// was imminent at the yes has its times already.
func TestARiskThatRisesBeforeLinesAreAsked(t *testing.T) {
	s := story.At(t, "ROUTING").Given(story.Risk(story.Bullying, story.Imminent))
	s.When(s.Advance()).Gives("HandoverRouted", "OfferSent", "OfferSent", "HandoverHastened")
	s.Stands("OFFERED RECEIVER 15s").Budget(time.Minute)

	s = story.Routed(t, story.Imminent, story.Emergency, story.Mind)
	s.When(s.Advance()).Gives("HandoverRouted", "OfferSent", "OfferSent").Budget(time.Minute)
}

// TestSlowWritingIsHastened, too: the child's leg is slow, the desks are not.
func TestSlowWritingIsHastened(t *testing.T) {
	s := story.Slowly(t, story.Sms, "OFFERED").Given(story.Risk(story.Bullying, story.Imminent))
	s.When(s.Advance()).Gives("HandoverHastened", "OfferSent").Stands("OFFERED RECEIVER 15s").Budget(time.Minute)
}

// TestAReceiverOnItsWayIsHastened: by sms it had hours.
func TestAReceiverOnItsWayIsHastened(t *testing.T) {
	s := story.Slowly(t, story.Sms, "ACCEPTED").Given(story.Risk(story.Bullying, story.Imminent))
	s.When(s.Advance()).Gives("HandoverHastened").Stands("ACCEPTED RECEIVER 30s").Budget(time.Minute)
	s.When(s.Advance()).Gives()
	s.Passes(30 * time.Second).Returned("NO_JOIN")
	s.Passes(30 * time.Second).Told(story.Bullying + " NO_DECISION")
}

// TestADecisionIsHastened, although the handover is over.
func TestADecisionIsHastened(t *testing.T) {
	s := story.Slowly(t, story.Sms, "CONSENT_ASKED").Passes(2 * story.Day).Returned("CONSENT_UNANSWERED")
	s.Given(story.Risk(story.Bullying, story.Imminent)).When(s.Advance()).Gives("HandoverHastened")
	s.Passes(30*time.Second - 1).Told()
	s.Passes(1).Told(story.Bullying + " NO_DECISION")
}

// TestWhatIsGivenBackIsAskedInTime: the next line is asked at the risk that is known by then.
func TestWhatIsGivenBackIsAskedInTime(t *testing.T) {
	s := story.At(t, "ACCEPTED").Given(story.Risk(story.Bullying, story.Imminent)).Looks()
	s.When(story.First.Decline()).Gives("OfferGivenBack", "OfferSent").Stands("OFFERED RECEIVER 15s")
}

// TestAnEmergencyLineIsAskedAgain at R4, after the others and a minute after it was asked.
func TestAnEmergencyLineIsAskedAgain(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency, story.Mind).Looks().Wait(5 * time.Second)
	s.Given(story.First.DeclineBy(story.Emergency, 1), story.First.DeclineBy(story.Mind, 2)).Returned("PLAN_EXHAUSTED")
	p := story.First
	p.N = 2
	s.Wait(5*time.Second).Given(p.Propose(), p.Ask(), p.Give(story.Intro))
	s.When(s.Advance()).Gives("HandoverRouted").Stands("OFFERED PLATFORM 50s")
	s.When(s.Advance()).Gives()
	s.Wait(50 * time.Second).When(s.Advance()).Gives("OfferSent").Offers(story.Emergency + " SENT")
	s.Given(p.DeclineBy(story.Emergency, 1)).Returned("PLAN_EXHAUSTED")
}

// TestOnlyEmergencyLinesAreAskedAgain, and only at R4.
func TestOnlyEmergencyLinesAreAskedAgain(t *testing.T) {
	for level, line := range map[handoverv1.RiskLevel]string{story.Serious: story.Emergency, story.Imminent: story.Mind} {
		s := story.Routed(t, level, line).Looks().Given(story.First.DeclineBy(line, 1))
		p := story.First
		p.N = 2
		s.Wait(2*time.Minute).Given(p.Propose(), p.Ask(), p.Give(story.Intro)).Looks().Returned("PLAN_EXHAUSTED")
	}
}
