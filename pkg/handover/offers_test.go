package handover_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const imminent = handoverv1.RiskLevel_RISK_LEVEL_R4

// routed is a story whose child said yes to a handover at this risk; the plan is
// these lines.
func routed(t *testing.T, level handoverv1.RiskLevel, lines ...string) *story {
	s := opened(t).given(risk(bullying, level))
	s.rank = plan(lines...)
	return s.to(first, stateOf("ROUTING"))
}

// offers expects line and state of each offer of the newest handover.
func (s *story) offers(want ...string) *story {
	s.t.Helper()
	var got []string
	for _, o := range handover.Of(s.state.Conversation).Current().GetOffers() {
		got = append(got, fmt.Sprintf("%s %s", o.Line, short(o.State)))
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		s.t.Errorf("the offers are %v, want %v", got, want)
	}
	return s
}

func TestDeclineAsksTheNext(t *testing.T) {
	s := at(t, "OFFERED").wait(5 * time.Second)
	s.when(first.decline()).gives("OfferDeclined", "OfferSent").stands("OFFERED RECEIVER 45s")
	s.offers(emergency+" DECLINED", mind+" SENT")
	if o := handover.Of(s.state.Conversation).Current().GetOffers()[0]; o.DeclineCode != handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY {
		t.Errorf("the code is %s", o.DeclineCode)
	}
	s.when(first.declineBy(mind, 2)).gives("OfferDeclined", "HandoverReturned").returned("PLAN_EXHAUSTED")
}

func TestSilenceAsksTheNext(t *testing.T) {
	s := at(t, "OFFERED").given(first.seen()).wait(45 * time.Second)
	s.when(s.advance()).gives("OfferTimedOut", "OfferSent").stands("OFFERED RECEIVER 45s").offers(emergency+" TIMED_OUT", mind+" SENT")
	s.given(first.seenBy(mind, 2)).wait(45*time.Second).when(s.advance()).gives("OfferTimedOut", "HandoverReturned").returned("PLAN_EXHAUSTED")
}

func TestNoLineOpen(t *testing.T) {
	s := routed(t, 0)
	s.when(s.advance()).gives("HandoverRouted", "HandoverReturned").returned("NO_LINE_OPEN").offers()
}

func TestPatience(t *testing.T) {
	s := begin(t).given(opening(phone), comes(bullying, "kim")).to(first, stateOf("ROUTING"))
	s.when(s.advance()).gives("HandoverRouted", "OfferSent").stands("OFFERED RECEIVER 20s")
	s = begin(t).given(opening(phone), comes(bullying, "kim"), risk(bullying, imminent)).to(first, stateOf("ROUTING"))
	s.when(s.advance()).gives("HandoverRouted", "OfferSent", "OfferSent").stands("OFFERED RECEIVER 15s")
}

func TestImminentAsksTwoAtOnce(t *testing.T) {
	s := routed(t, imminent, emergency, mind, alcohol)
	s.when(s.advance()).gives("HandoverRouted", "OfferSent", "OfferSent").stands("OFFERED RECEIVER 15s")
	s.when(first.declineBy(mind, 2)).gives("OfferDeclined", "OfferSent")
	s.when(first.declineBy(alcohol, 3)).gives("OfferDeclined").offers(emergency+" SENT", mind+" DECLINED", alcohol+" DECLINED")
	s.when(first.accept()).gives("OfferAccepted").stands("ACCEPTED RECEIVER 30s")
}

func TestFirstAcceptWins(t *testing.T) {
	s := routed(t, imminent, emergency, mind, alcohol)
	s.given(s.advance()).when(first.acceptBy(mind, 2)).gives("OfferAccepted", "OfferWithdrawn").stands("ACCEPTED RECEIVER 30s")
	s.offers(emergency+" WITHDRAWN", mind+" ACCEPTED", alcohol+" WITHDRAWN")
	if to := handover.Of(s.state.Conversation).Current().ToLine; to != mind {
		t.Errorf("the receiver is %q, want %s", to, mind)
	}
	r := s.when(first.accept()).refused("TOO_LATE")
	if r.Metadata["state"] != "WITHDRAWN" || !strings.HasSuffix(r.Metadata["offer"], "/offers/1") {
		t.Errorf("the refusal says %v", r.Metadata)
	}
	s.when(first.decline()).refused("TOO_LATE")
	s.when(first.seen()).refused("TOO_LATE")
	s.when(first.acceptBy(mind, 2)).refused("TOO_LATE")
}

// TestOneOfTwoTimesOut: the other goes on with its own deadline.
func TestOneOfTwoTimesOut(t *testing.T) {
	s := routed(t, imminent, emergency, mind, alcohol)
	s.given(s.advance(), first.seen()).wait(10*time.Second).given(first.declineBy(mind, 2), first.seenBy(alcohol, 3)).stands("OFFERED RECEIVER 15s")
	s.wait(5 * time.Second).when(s.advance()).gives("OfferTimedOut").stands("OFFERED RECEIVER 10s")
	s.offers(emergency+" TIMED_OUT", mind+" DECLINED", alcohol+" ALERTING")
	s.wait(10*time.Second).when(s.advance()).gives("OfferTimedOut", "HandoverReturned").returned("PLAN_EXHAUSTED")
}

// TestDeadlineIsOfTheLastOffer: when the later of two ends, the earlier's deadline
// is the handover's.
func TestDeadlineIsOfTheLastOffer(t *testing.T) {
	s := routed(t, imminent, emergency, mind, alcohol)
	s.given(s.advance()).wait(10 * time.Second).given(first.declineBy(mind, 2)).stands("OFFERED RECEIVER 15s")
	s.when(first.declineBy(alcohol, 3)).gives("OfferDeclined").stands("OFFERED RECEIVER 5s")
}

func TestAcceptIsInTimeUntilTheDeadline(t *testing.T) {
	at(t, "OFFERED").wait(45*time.Second - time.Nanosecond).when(first.accept()).gives("OfferAccepted")
	at(t, "OFFERED").wait(45 * time.Second).when(first.accept()).refused("TOO_LATE")
	at(t, "OFFERED").wait(time.Hour).when(first.accept()).refused("TOO_LATE")
}

// TestBudgetBoundsOffers: the last deadline is that of the budget, and after it no
// line is asked.
func TestBudgetBoundsOffers(t *testing.T) {
	s := routed(t, 0, "a", "b", "c", "d", "e", "f")
	s.given(s.advance(), first.seenBy("a", 1))
	for offer := uint32(2); offer < 5; offer++ {
		s.wait(45*time.Second).when(s.advance()).gives("OfferTimedOut", "OfferSent").stands("OFFERED RECEIVER 45s")
		s.given(first.seenBy(string(rune('a'+offer-1)), offer))
	}
	s.wait(45*time.Second).when(s.advance()).gives("OfferTimedOut", "HandoverReturned").returned("BUDGET_SPENT")
}

func TestLastOfferEndsWithTheBudget(t *testing.T) {
	s := routed(t, 0, "a", "b", "c", "d", "e", "f")
	s.given(s.advance()).wait(170 * time.Second)
	s.when(first.declineBy("a", 1)).gives("OfferDeclined", "OfferSent").stands("OFFERED RECEIVER 10s")
	s.wait(10*time.Second).when(first.declineBy("b", 2)).gives("OfferDeclined", "HandoverReturned").returned("BUDGET_SPENT")
}

func TestImminentBudget(t *testing.T) {
	s := routed(t, imminent, "a", "b", "c")
	s.given(s.advance()).wait(55 * time.Second)
	s.when(first.declineBy("a", 1)).gives("OfferDeclined", "OfferSent").stands("OFFERED RECEIVER 5s")
}

func TestPlatformThatWasAwayTooLongAsksNobody(t *testing.T) {
	s := at(t, "ROUTING").wait(time.Hour)
	s.when(s.advance()).gives("HandoverReturned").returned("BUDGET_SPENT")
}

func TestNoLineIsAskedTwice(t *testing.T) {
	s := opened(t)
	s.rank = plan(emergency, mind)
	s.to(first, stateOf("OFFERED")).given(first.decline(), first.declineBy(mind, 2)).returned("PLAN_EXHAUSTED")
	p := pass{2, bullying, "kim", emergency, "ola"}
	s.to(p, stateOf("ROUTING")).when(s.advance()).gives("HandoverRouted", "HandoverReturned").returned("PLAN_EXHAUSTED")
}

func TestLineThatIsNamedTwiceIsAskedOnce(t *testing.T) {
	s := routed(t, imminent, emergency, emergency, mind)
	s.when(s.advance()).gives("HandoverRouted", "OfferSent", "OfferSent").offers(emergency+" SENT", mind+" SENT")
}

func TestAcknowledgingTwiceIsSilent(t *testing.T) {
	delivered := with(first.seen(), "State", handoverv1.OfferState_OFFER_STATE_DELIVERED)
	s := at(t, "OFFERED")
	s.when(delivered).gives("OfferDelivered").offers(emergency+" DELIVERED", mind+" PLANNED")
	s.when(delivered).gives()
	s.when(first.seen()).gives("OfferAlerting").offers(emergency+" ALERTING", mind+" PLANNED")
	s.when(delivered).gives()
	s.when(first.seen()).gives()
	s.when(first.accept()).gives("OfferAccepted")
}

func TestCancellingTakesOffersBack(t *testing.T) {
	s := routed(t, imminent, emergency, mind)
	s.given(s.advance()).when(first.cancel()).gives("HandoverCancelled", "OfferWithdrawn", "OfferWithdrawn")
	s.stands("CANCELLED RECEIVER 30s").when(first.accept()).refused("TOO_LATE")
	if h := handover.Of(s.state.Conversation).Current(); h.CancelReason != handoverv1.CancelReason_CANCEL_REASON_OTHER_WAY {
		t.Errorf("the reason is %s", h.CancelReason)
	}
}

func TestRoutingIsRememberedWithItsInputs(t *testing.T) {
	s := at(t, "OFFERED")
	equal(t, handover.Of(s.state.Conversation).Current().Routing, plan(emergency, mind)(nil))
}

// unleased expects that no offer holds a seat.
func (s *story) unleased() *story {
	s.t.Helper()
	for _, o := range handover.Of(s.state.Conversation).Current().GetOffers() {
		if o.Lease {
			s.t.Errorf("%s, which is %s, holds a seat", o.Line, short(o.State))
		}
	}
	return s
}
