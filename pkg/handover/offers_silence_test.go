package handover_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func (p pass) deliveredTo(line string, offer uint32) handover.Command {
	return with(p.seenBy(line, offer), "State", handoverv1.OfferState_OFFER_STATE_DELIVERED)
}

// TestAMachinesSilenceIsNotAPersons: an offer that no machine took ends after five
// seconds, and the next line is asked.
func TestAMachinesSilenceIsNotAPersons(t *testing.T) {
	s := at(t, "OFFERED").wait(5*time.Second - time.Nanosecond)
	s.when(s.advance()).gives()
	s.wait(time.Nanosecond).when(s.advance()).gives("OfferUnreachable", "OfferSent").offers(emergency+" UNREACHABLE", mind+" SENT")
	s.wait(5*time.Second).when(s.advance()).gives("OfferUnreachable", "HandoverReturned").returned("PLAN_EXHAUSTED").unleased()

	for _, known := range []handover.Command{first.deliveredTo(emergency, 1), first.seen()} {
		s = at(t, "OFFERED").wait(5*time.Second - time.Nanosecond).given(known).wait(time.Nanosecond)
		s.when(s.advance()).gives()
	}
}

// TestADeskIsAlertedAgain at 15 and 30 seconds, in a chat.
func TestADeskIsAlertedAgain(t *testing.T) {
	s := at(t, "OFFERED").given(first.deliveredTo(emergency, 1))
	for alert := uint32(2); alert < 4; alert++ {
		s.wait(15*time.Second - time.Nanosecond).when(s.advance()).gives()
		s.wait(time.Nanosecond).when(s.advance()).gives("OfferAlerted")
		if o := handover.Of(s.state.Conversation).Current().GetOffers()[0]; o.Alerts != alert {
			t.Errorf("alerted %d times, want %d", o.Alerts, alert)
		}
	}
	s.wait(15*time.Second).when(s.advance()).gives("OfferTimedOut", "OfferSent")
}

// TestAlertsAreNotMadeUpFor after the platform was down.
func TestAlertsAreNotMadeUpFor(t *testing.T) {
	s := at(t, "OFFERED").given(first.seen()).wait(31 * time.Second)
	s.when(s.advance()).gives("OfferAlerted")
	s.when(s.advance()).gives()
	s.wait(14*time.Second).when(s.advance()).gives("OfferTimedOut", "OfferSent")
}

// TestNoSecondAlert on the phone, which rings, nor where a second line is asked.
func TestNoSecondAlert(t *testing.T) {
	s := routed(t, imminent, emergency).looks().given(first.seen())
	s.wait(15*time.Second).when(s.advance()).gives("OfferTimedOut", "HandoverReturned")
	s = begin(t).given(opening(phone), comes(bullying, "kim")).to(first, stateOf("OFFERED")).given(first.seen())
	s.wait(15 * time.Second).when(s.advance()).gives()
	s.wait(5*time.Second).when(s.advance()).gives("OfferTimedOut", "OfferSent")
}

// TestALateAcceptIsTooLate however the offer ended.
func TestALateAcceptIsTooLate(t *testing.T) {
	for ended, s := range map[string]*story{
		"UNREACHABLE": at(t, "OFFERED").wait(5 * time.Second),
		"TIMED_OUT":   at(t, "OFFERED").given(first.seen()).wait(45 * time.Second),
		"WITHDRAWN":   at(t, "OFFERED").given(first.withdraw()),
	} {
		for _, c := range []handover.Command{first.accept(), first.decline(), first.seen()} {
			if ended == "WITHDRAWN" {
				s.when(c).refused("TOO_LATE")
			}
		}
		s.given(s.advance())
		for _, c := range []handover.Command{first.accept(), first.decline(), first.seen()} {
			if r := s.when(c).refused("TOO_LATE"); r.Metadata["state"] != ended {
				t.Errorf("the refusal says %v, want %s", r.Metadata, ended)
			}
		}
	}
}

// TestAcceptBeforeTheWithdrawal: then the child's no comes a moment later, and
// nothing crosses either.
func TestAcceptBeforeTheWithdrawal(t *testing.T) {
	s := at(t, "OFFERED").given(first.accept(), first.withdraw())
	s.when(first.join()).refused("OUTSIDE_CONSENT")
	s.when(first.open()).refused("OUTSIDE_CONSENT")
	s.when(s.advance()).gives("HandoverReturned").returned("CONSENT_WITHDRAWN").unleased()
}

// TestNoLineIsAskedAfterItsHours, as they were known when it was ranked.
func TestNoLineIsAskedAfterItsHours(t *testing.T) {
	s := routed(t, 0, emergency, mind, alcohol)
	ranked := plan(emergency, mind, alcohol)(nil)
	ranked.Candidates[1].OpenUntil = stamp(s.now.Add(10 * time.Second))
	s.rank = func(*handoverv1.Conversation) *handoverv1.RoutingDecision { return ranked }
	s.given(s.advance()).wait(10 * time.Second)
	s.when(first.decline()).gives("OfferDeclined", "OfferWithdrawn", "OfferSent")
	s.offers(emergency+" DECLINED", mind+" WITHDRAWN", alcohol+" SENT").unleasedBut(alcohol)
	s.when(first.acceptBy(mind, 2)).refused("OFFER_NOT_FOUND")
}

// TestALineThatCannotTakeAnybodyAnyMore is passed over when its turn comes, with the
// reason, whether it comes in the ranking's append, after a no or after a silence.
func TestALineThatCannotTakeAnybodyAnyMore(t *testing.T) {
	full := func(lines ...string) handover.Skip {
		return func(line string, _ *handoverv1.PacketHeader) handoverv1.PassReason {
			if slices.Contains(lines, line) {
				return handoverv1.PassReason_PASS_REASON_NO_SEAT
			}
			return 0
		}
	}
	s := routed(t, 0, emergency, mind, alcohol)
	s.when(handover.Advance{Rank: s.rank, Skip: full(emergency)}).gives("HandoverRouted", "OfferWithdrawn", "OfferSent")
	s.offers(emergency+" WITHDRAWN", mind+" SENT", alcohol+" PLANNED").unleasedBut(mind)
	if why := handover.Of(s.state.Conversation).Current().GetOffers()[0].PassReason; why != handoverv1.PassReason_PASS_REASON_NO_SEAT {
		t.Errorf("it was passed over for %v", why)
	}
	s.when(with(first.declineBy(mind, 2), "Skip", full(alcohol))).gives("OfferDeclined", "OfferWithdrawn", "HandoverReturned").returned("PLAN_EXHAUSTED")

	s = routed(t, 0, emergency, mind)
	s.when(handover.Advance{Rank: s.rank, Skip: full(emergency, mind)}).
		gives("HandoverRouted", "OfferWithdrawn", "OfferWithdrawn", "HandoverReturned").returned("NO_LINE_OPEN")
}

// unleasedBut expects that one line's offer alone holds a seat.
func (s *story) unleasedBut(line string) *story {
	s.t.Helper()
	for _, o := range handover.Of(s.state.Conversation).Current().GetOffers() {
		if o.Lease != (o.Line == line) {
			s.t.Errorf("%s, which is %s, holds a seat: %t", o.Line, short(o.State), o.Lease)
		}
	}
	return s
}
