package deadline_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/view"
	"github.com/stafett/stafett/pkg/internal/story"
)

func stamp(at time.Time) *timestamppb.Timestamp { return timestamppb.New(at) }

// TestASeatIsHeldUntilTheCounsellorHasCome, and not by who was outrun.
func TestASeatIsHeldUntilTheCounsellorHasCome(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency, story.Mind).Looks()
	for _, o := range handover.Of(s.State.Conversation).Current().GetOffers() {
		if !o.Lease {
			t.Errorf("%s is asked and holds no seat", o.Line)
		}
	}
	s.Given(story.First.Accept()).UnleasedBut(story.Emergency)
	s.Given(story.First.Join()).Unleased()
}

// TestEveryWayOutFreesTheSeat of a line that accepted and whose counsellor never
// came, or that was being asked.
func TestEveryWayOutFreesTheSeat(t *testing.T) {
	outs := map[string]decide.Command{
		"cancelled": story.First.Cancel(), "withdrawn": story.First.Withdraw(),
		"declined": story.First.Decline(), "deferred": story.First.DeferUntil(story.Evening.Add(time.Hour)), "signposted": story.First.Signpost(),
	}
	for _, state := range []string{"OFFERED", "ACCEPTED"} {
		for how, out := range outs {
			if !story.States[state].Allow(story.CommandName(out)) {
				continue
			}
			s := story.At(t, state)
			s.Rank = story.Plan(story.Emergency)
			s.Given(out, s.Advance())
			if o := handover.Of(s.State.Conversation).Current().GetOffers()[0]; o.Lease || handover.OfferOpen(o.State) {
				t.Errorf("%s in %s: the offer is %s and holds a seat: %t", how, state, story.Short(o.State), o.Lease)
			}
		}
	}
	s := story.At(t, "ACCEPTED").Wait(30 * time.Second)
	s.Given(s.Advance()).Returned("NO_JOIN").Unleased()
	s = story.At(t, "ACCEPTED").Given(story.Leaves(story.Bullying, "child"), s.Advance())
	s.Given(story.First.Join()).Wait(15 * time.Minute)
	s.Given(s.Advance()).Stands("ABANDONED UNSPECIFIED").Unleased()
}

// TestPlannedOffersAreNobodysToKnow: a line that would have been asked, had the
// others not answered, finds nothing under any number.
func TestPlannedOffersAreNobodysToKnow(t *testing.T) {
	planned := story.At(t, "OFFERED").Offers(story.Emergency+" SENT", story.Mind+" PLANNED")
	never := story.At(t, "ACCEPTED").Offers(story.Emergency+" ACCEPTED", story.Mind+" WITHDRAWN")
	for _, s := range []*story.Story{planned, never} {
		for _, c := range []decide.Command{story.First.AcceptBy(story.Mind, 2), story.First.DeclineBy(story.Mind, 2), story.First.SeenBy(story.Mind, 2), story.ConfirmCancelBy(story.Mind, 2)} {
			s.When(c).Refused("OFFER_NOT_FOUND")
		}
		s.When(story.By(story.Mind, story.First.Open())).Refused("PACKET_CLOSED")
		h := handover.Of(s.State.Conversation).Current()
		if got := view.Handover(h, story.Mind); len(got.Offers) > 0 || got.Candidates != nil || got.Routing != nil {
			t.Errorf("it is shown %v", got)
		}
		s.Party(story.Mind, false, false)
		s.Shows(story.Mind, "")
	}
}

// TestALineThatHasNotAnsweredMayBeAskedLater: it was only planned, or its offer was
// taken back.
func TestALineThatHasNotAnsweredMayBeAskedLater(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Cancel())
	if asked := handover.Of(s.State.Conversation).AskedBefore(); asked[story.Emergency] || asked[story.Mind] {
		t.Errorf("asked are %v, want none", asked)
	}
	s = story.At(t, "OFFERED").Given(story.First.Decline(), story.First.Cancel()).Offers(story.Emergency+" DECLINED", story.Mind+" WITHDRAWN")
	if asked := handover.Of(s.State.Conversation).AskedBefore(); !asked[story.Emergency] || asked[story.Mind] {
		t.Errorf("asked are %v, want the first alone", asked)
	}
	p := story.Pass{N: 2, From: story.Bullying, Sender: "kim", To: story.Mind, Receiver: "siv"}
	s.To(p, story.StateOf("OFFERED")).Offers(story.Mind + " SENT")
}
