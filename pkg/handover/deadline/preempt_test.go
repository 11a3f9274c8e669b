package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// full is the directory's Skip where a line has no seat.
func full(lines ...string) handover.Skip {
	return func(line string, _ *handoverv1.PacketHeader) handoverv1.PassReason {
		for _, one := range lines {
			if one == line {
				return handoverv1.PassReason_PASS_REASON_NO_SEAT
			}
		}
		return 0
	}
}

var first = deadline.Preempt{Handover: 1, Offer: 1}

// TestASeatIsTakenOver: the handover goes on with the next line and the time that it lost, and the line whose seat it
// lost is asked again as soon as it has one, also while another is being asked.
func TestASeatIsTakenOver(t *testing.T) {
	s := story.Routed(t, 0, story.Emergency, story.Mind).Looks().Given(story.First.Seen()).Wait(20 * time.Second)
	s.When(first).Gives("OfferWithdrawn").Stands("OFFERED PLATFORM 0s").Budget(3 * time.Minute).UnleasedBut("")
	s.Offers(story.Emergency+" WITHDRAWN", story.Mind+" PLANNED", story.Emergency+" PLANNED")
	if due, _ := deadline.Due(s.State.Conversation); due != deadline.AtOnce {
		t.Errorf("the next line is due at %s, want at once", due)
	}
	s.When(story.First.AcceptBy(story.Emergency, 1)).Refused("TOO_LATE")
	s.When(deadline.Advance{Rank: s.Rank, Skip: full(story.Emergency)}).Gives("OfferSent")
	s.Offers(story.Emergency+" WITHDRAWN", story.Mind+" SENT", story.Emergency+" PLANNED").UnleasedBut(story.Mind)
	s.When(deadline.Advance{Rank: s.Rank, Skip: full(story.Emergency)}).Gives()
	s.When(deadline.Advance{Rank: s.Rank, Skip: full()}).Gives("OfferSent")
	s.When(story.First.AcceptBy(story.Emergency, 3)).Gives("OfferAccepted", "OfferWithdrawn")
}

// TestTheNextSeatIsWaitedFor as long as the budget lasts, where no other line is left.
func TestTheNextSeatIsWaitedFor(t *testing.T) {
	none := deadline.Advance{Skip: full(story.Emergency)}
	s := story.Routed(t, 0, story.Emergency).Looks().Given(story.First.Seen()).Wait(20 * time.Second).Given(first)
	none.Rank = s.Rank
	s.Stands("OFFERED PLATFORM 3m0s").When(none).Gives()
	s.Wait(3*time.Minute - 1).When(none).Gives()
	s.Wait(1).When(none).Gives("HandoverReturned").Returned("BUDGET_SPENT")

	s = story.Routed(t, 0, story.Emergency).Looks().Given(story.First.Seen(), first).Wait(time.Minute)
	s.When(s.Advance()).Gives("OfferSent").Offers(story.Emergency+" WITHDRAWN", story.Emergency+" SENT")

	s = story.Routed(t, 0, story.Emergency).Looks().Given(story.First.Seen(), first)
	shut := func(string, *handoverv1.PacketHeader) handoverv1.PassReason {
		return handoverv1.PassReason_PASS_REASON_CLOSED
	}
	s.When(deadline.Advance{Rank: s.Rank, Skip: shut}).Gives("OfferWithdrawn", "HandoverReturned").Returned("PLAN_EXHAUSTED")
}

// TestWhoKeepsItsSeat: a line that has accepted, a child in as much danger, and a handover that has lost one.
func TestWhoKeepsItsSeat(t *testing.T) {
	story.At(t, "ACCEPTED").When(first).Gives()
	story.At(t, "ROUTING").When(first).Gives()
	story.At(t, "RETURNED").When(first).Gives()
	danger := story.At(t, "OFFERED").Given(story.First.Seen(), story.Risk(story.Bullying, story.Imminent))
	danger.When(first).Gives()
	danger.Looks().When(first).Gives()

	again := story.Routed(t, 0, story.Emergency).Looks().Given(story.First.Seen(), first).Looks()
	again.When(deadline.Preempt{Handover: 1, Offer: 2}).Gives().Offers(story.Emergency+" WITHDRAWN", story.Emergency+" SENT")

	refused := story.At(t, "OFFERED").Given(story.First.Seen(), story.First.Withdraw())
	refused.When(first).Gives()
}
