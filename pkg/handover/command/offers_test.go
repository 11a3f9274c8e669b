package command_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestDeclineAsksTheNext(t *testing.T) {
	s := story.At(t, "OFFERED").Wait(5 * time.Second)
	s.When(story.First.Decline()).Gives("OfferDeclined", "OfferSent").Stands("OFFERED RECEIVER 45s")
	s.Offers(story.Emergency+" DECLINED", story.Mind+" SENT")
	if o := handover.Of(s.State.Conversation).Current().GetOffers()[0]; o.DeclineCode != handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY {
		t.Errorf("the code is %s", o.DeclineCode)
	}
	s.When(story.First.DeclineBy(story.Mind, 2)).Gives("OfferDeclined", "HandoverReturned").Returned("PLAN_EXHAUSTED")
}

func TestSilenceAsksTheNext(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Seen()).Wait(45 * time.Second)
	s.When(s.Advance()).Gives("OfferTimedOut", "OfferSent").Stands("OFFERED RECEIVER 45s").Offers(story.Emergency+" TIMED_OUT", story.Mind+" SENT")
	s.Given(story.First.SeenBy(story.Mind, 2)).Wait(45*time.Second).When(s.Advance()).Gives("OfferTimedOut", "HandoverReturned").Returned("PLAN_EXHAUSTED")
}

func TestNoLineOpen(t *testing.T) {
	s := story.Routed(t, 0)
	s.When(s.Advance()).Gives("HandoverRouted", "HandoverReturned").Returned("NO_LINE_OPEN").Offers()
}

func TestPatience(t *testing.T) {
	s := story.Begin(t).Given(story.Opening(story.Phone), story.Comes(story.Bullying, "kim")).To(story.First, story.StateOf("ROUTING"))
	s.When(s.Advance()).Gives("HandoverRouted", "OfferSent").Stands("OFFERED RECEIVER 20s")
	s = story.Begin(t).Given(story.Opening(story.Phone), story.Comes(story.Bullying, "kim"), story.Risk(story.Bullying, story.Imminent)).To(story.First, story.StateOf("ROUTING"))
	s.When(s.Advance()).Gives("HandoverRouted", "OfferSent", "OfferSent").Stands("OFFERED RECEIVER 15s")
}

func TestImminentAsksTwoAtOnce(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency, story.Mind, story.Alcohol)
	s.When(s.Advance()).Gives("HandoverRouted", "OfferSent", "OfferSent").Stands("OFFERED RECEIVER 15s")
	s.When(story.First.DeclineBy(story.Mind, 2)).Gives("OfferDeclined", "OfferSent")
	s.When(story.First.DeclineBy(story.Alcohol, 3)).Gives("OfferDeclined").Offers(story.Emergency+" SENT", story.Mind+" DECLINED", story.Alcohol+" DECLINED")
	s.When(story.First.Accept()).Gives("OfferAccepted").Stands("ACCEPTED RECEIVER 30s")
}

func TestFirstAcceptWins(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency, story.Mind, story.Alcohol)
	s.Given(s.Advance()).When(story.First.AcceptBy(story.Mind, 2)).Gives("OfferAccepted", "OfferWithdrawn").Stands("ACCEPTED RECEIVER 30s")
	s.Offers(story.Emergency+" WITHDRAWN", story.Mind+" ACCEPTED", story.Alcohol+" WITHDRAWN")
	if to := handover.Of(s.State.Conversation).Current().ToLine; to != story.Mind {
		t.Errorf("the receiver is %q, want %s", to, story.Mind)
	}
	r := s.When(story.First.Accept()).Refused("TOO_LATE")
	if r.Metadata["state"] != "WITHDRAWN" || !strings.HasSuffix(r.Metadata["offer"], "/offers/1") {
		t.Errorf("the refusal says %v", r.Metadata)
	}
	s.When(story.First.Decline()).Refused("TOO_LATE")
	s.When(story.First.Seen()).Refused("TOO_LATE")
	s.When(story.First.AcceptBy(story.Mind, 2)).Refused("TOO_LATE")
}

// TestOneOfTwoTimesOut: the other goes on with its own deadline.
func TestOneOfTwoTimesOut(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency, story.Mind, story.Alcohol)
	s.Given(s.Advance(), story.First.Seen()).Wait(10*time.Second).Given(story.First.DeclineBy(story.Mind, 2), story.First.SeenBy(story.Alcohol, 3)).Stands("OFFERED RECEIVER 15s")
	s.Wait(5 * time.Second).When(s.Advance()).Gives("OfferTimedOut").Stands("OFFERED RECEIVER 10s")
	s.Offers(story.Emergency+" TIMED_OUT", story.Mind+" DECLINED", story.Alcohol+" ALERTING")
	s.Wait(10*time.Second).When(s.Advance()).Gives("OfferTimedOut", "HandoverReturned").Returned("PLAN_EXHAUSTED")
}

// TestDeadlineIsOfTheLastOffer: when the later of two ends, the earlier's deadline
// is the handover's.
func TestDeadlineIsOfTheLastOffer(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency, story.Mind, story.Alcohol)
	s.Given(s.Advance()).Wait(10 * time.Second).Given(story.First.DeclineBy(story.Mind, 2)).Stands("OFFERED RECEIVER 15s")
	s.When(story.First.DeclineBy(story.Alcohol, 3)).Gives("OfferDeclined").Stands("OFFERED RECEIVER 5s")
}

func TestAcceptIsInTimeUntilTheDeadline(t *testing.T) {
	story.At(t, "OFFERED").Wait(45*time.Second - time.Nanosecond).When(story.First.Accept()).Gives("OfferAccepted")
	story.At(t, "OFFERED").Wait(45 * time.Second).When(story.First.Accept()).Refused("TOO_LATE")
	story.At(t, "OFFERED").Wait(time.Hour).When(story.First.Accept()).Refused("TOO_LATE")
}

// TestBudgetBoundsOffers: the last deadline is that of the budget, and after it no
// line is asked.
func TestBudgetBoundsOffers(t *testing.T) {
	s := story.Routed(t, 0, "a", "b", "c", "d", "e", "f")
	s.Given(s.Advance(), story.First.SeenBy("a", 1))
	for offer := uint32(2); offer < 5; offer++ {
		s.Wait(45*time.Second).When(s.Advance()).Gives("OfferTimedOut", "OfferSent").Stands("OFFERED RECEIVER 45s")
		s.Given(story.First.SeenBy(string(rune('a'+offer-1)), offer))
	}
	s.Wait(45*time.Second).When(s.Advance()).Gives("OfferTimedOut", "HandoverReturned").Returned("BUDGET_SPENT")
}

func TestLastOfferEndsWithTheBudget(t *testing.T) {
	s := story.Routed(t, 0, "a", "b", "c", "d", "e", "f")
	s.Given(s.Advance()).Wait(170 * time.Second)
	s.When(story.First.DeclineBy("a", 1)).Gives("OfferDeclined", "OfferSent").Stands("OFFERED RECEIVER 10s")
	s.Wait(10*time.Second).When(story.First.DeclineBy("b", 2)).Gives("OfferDeclined", "HandoverReturned").Returned("BUDGET_SPENT")
}

func TestImminentBudget(t *testing.T) {
	s := story.Routed(t, story.Imminent, "a", "b", "c")
	s.Given(s.Advance()).Wait(55 * time.Second)
	s.When(story.First.DeclineBy("a", 1)).Gives("OfferDeclined", "OfferSent").Stands("OFFERED RECEIVER 5s")
}

func TestPlatformThatWasAwayTooLongAsksNobody(t *testing.T) {
	s := story.At(t, "ROUTING").Wait(time.Hour)
	s.When(s.Advance()).Gives("HandoverReturned").Returned("BUDGET_SPENT")
}

func TestNoLineIsAskedTwice(t *testing.T) {
	s := story.Opened(t)
	s.Rank = story.Plan(story.Emergency, story.Mind)
	s.To(story.First, story.StateOf("OFFERED")).Given(story.First.Decline(), story.First.DeclineBy(story.Mind, 2)).Returned("PLAN_EXHAUSTED")
	p := story.Pass{N: 2, From: story.Bullying, Sender: "kim", To: story.Emergency, Receiver: "ola"}
	s.To(p, story.StateOf("ROUTING")).When(s.Advance()).Gives("HandoverRouted", "HandoverReturned").Returned("PLAN_EXHAUSTED")
}

func TestLineThatIsNamedTwiceIsAskedOnce(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency, story.Emergency, story.Mind)
	s.When(s.Advance()).Gives("HandoverRouted", "OfferSent", "OfferSent").Offers(story.Emergency+" SENT", story.Mind+" SENT")
}

func TestAcknowledgingTwiceIsSilent(t *testing.T) {
	delivered := story.With(story.First.Seen(), "State", handoverv1.OfferState_OFFER_STATE_DELIVERED)
	s := story.At(t, "OFFERED")
	s.When(delivered).Gives("OfferDelivered").Offers(story.Emergency+" DELIVERED", story.Mind+" PLANNED")
	s.When(delivered).Gives()
	s.When(story.First.Seen()).Gives("OfferAlerting").Offers(story.Emergency+" ALERTING", story.Mind+" PLANNED")
	s.When(delivered).Gives()
	s.When(story.First.Seen()).Gives()
	s.When(story.First.Accept()).Gives("OfferAccepted")
}

func TestCancellingTakesOffersBack(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency, story.Mind)
	s.Given(s.Advance()).When(story.First.Cancel()).Gives("HandoverCancelled", "OfferWithdrawn", "OfferWithdrawn")
	s.Stands("CANCELLED RECEIVER 30s").When(story.First.Accept()).Refused("TOO_LATE")
	if h := handover.Of(s.State.Conversation).Current(); h.CancelReason != handoverv1.CancelReason_CANCEL_REASON_OTHER_WAY {
		t.Errorf("the reason is %s", h.CancelReason)
	}
}

func TestRoutingIsRememberedWithItsInputs(t *testing.T) {
	s := story.At(t, "OFFERED")
	story.Equal(t, handover.Of(s.State.Conversation).Current().Routing, story.Plan(story.Emergency, story.Mind)(nil))
}
