package handover_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/view"
)

func stamp(at time.Time) *timestamppb.Timestamp { return timestamppb.New(at) }

// TestASeatIsHeldUntilTheCounsellorHasCome, and not by who was outrun.
func TestASeatIsHeldUntilTheCounsellorHasCome(t *testing.T) {
	s := routed(t, imminent, emergency, mind).looks()
	for _, o := range handover.Of(s.state.Conversation).Current().GetOffers() {
		if !o.Lease {
			t.Errorf("%s is asked and holds no seat", o.Line)
		}
	}
	s.given(first.accept()).unleasedBut(emergency)
	s.given(first.join()).unleased()
}

// TestEveryWayOutFreesTheSeat of a line that accepted and whose counsellor never
// came, or that was being asked.
func TestEveryWayOutFreesTheSeat(t *testing.T) {
	outs := map[string]handover.Command{
		"cancelled": first.cancel(), "emergency": first.callEmergency(), "withdrawn": first.withdraw(),
		"declined": first.decline(), "deferred": first.deferUntil(evening.Add(time.Hour)), "signposted": first.signpost(),
	}
	for _, state := range []string{"OFFERED", "ACCEPTED"} {
		for how, out := range outs {
			if !states[state].allow(commandName(out)) {
				continue
			}
			s := at(t, state)
			s.rank = plan(emergency)
			s.given(out, s.advance())
			if o := handover.Of(s.state.Conversation).Current().GetOffers()[0]; o.Lease || handover.OfferOpen(o.State) {
				t.Errorf("%s in %s: the offer is %s and holds a seat: %t", how, state, short(o.State), o.Lease)
			}
		}
	}
	s := at(t, "ACCEPTED").wait(30 * time.Second)
	s.given(s.advance()).returned("NO_JOIN").unleased()
	s = at(t, "ACCEPTED").given(leaves(bullying, "child"), s.advance())
	s.given(first.join()).wait(15 * time.Minute)
	s.given(s.advance()).stands("ABANDONED UNSPECIFIED").unleased()
}

// TestPlannedOffersAreNobodysToKnow: a line that would have been asked, had the
// others not answered, finds nothing under any number.
func TestPlannedOffersAreNobodysToKnow(t *testing.T) {
	planned := at(t, "OFFERED").offers(emergency+" SENT", mind+" PLANNED")
	never := at(t, "ACCEPTED").offers(emergency+" ACCEPTED", mind+" WITHDRAWN")
	for _, s := range []*story{planned, never} {
		for _, c := range []handover.Command{first.acceptBy(mind, 2), first.declineBy(mind, 2), first.seenBy(mind, 2), confirmCancelBy(mind, 2)} {
			s.when(c).refused("OFFER_NOT_FOUND")
		}
		s.when(by(mind, first.open())).refused("PACKET_CLOSED")
		h := handover.Of(s.state.Conversation).Current()
		if got := view.Handover(h, mind); len(got.Offers) > 0 || got.Candidates != nil || got.Routing != nil {
			t.Errorf("it is shown %v", got)
		}
		s.party(mind, false, false)
		s.shows(mind, "")
	}
}

func confirmCancelBy(line string, offer uint32) handover.Command {
	return handover.ConfirmCancel{Line: line, Handover: 1, Offer: offer}
}

// TestALineThatHasNotAnsweredMayBeAskedLater: it was only planned, or its offer was
// taken back.
func TestALineThatHasNotAnsweredMayBeAskedLater(t *testing.T) {
	s := at(t, "OFFERED").given(first.cancel())
	if asked := handover.Of(s.state.Conversation).AskedBefore(); asked[emergency] || asked[mind] {
		t.Errorf("asked are %v, want none", asked)
	}
	s = at(t, "OFFERED").given(first.decline(), first.cancel()).offers(emergency+" DECLINED", mind+" WITHDRAWN")
	if asked := handover.Of(s.state.Conversation).AskedBefore(); !asked[emergency] || asked[mind] {
		t.Errorf("asked are %v, want the first alone", asked)
	}
	p := pass{2, bullying, "kim", mind, "siv"}
	s.to(p, stateOf("OFFERED")).offers(mind + " SENT")
}
